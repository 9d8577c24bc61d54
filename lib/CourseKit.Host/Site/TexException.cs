namespace CourseKit.Host.Site;

/// <summary>An equation that <see cref="TexToMathMl"/> cannot turn into MathML.</summary>
internal sealed class TexException : Exception
{
    /// <summary>Creates the error for one place of one equation.</summary>
    /// <param name="problem">What is wrong there and how to mend it, as full sentences.</param>
    /// <param name="command">The command or character at fault, as written.</param>
    /// <param name="position">Its place in the source, counted from 0.</param>
    /// <param name="tex">The whole equation.</param>
    public TexException(string problem, string command, int position, string tex)
        : base($"Equation, position {position}: {problem} In: {tex}")
    {
        Command = command;
        Position = position;
        Tex = tex;
    }

    /// <summary>The command or character at fault, as written.</summary>
    public string Command { get; }

    /// <summary>Its place in the source, counted from 0.</summary>
    public int Position { get; }

    /// <summary>The whole equation.</summary>
    public string Tex { get; }
}
