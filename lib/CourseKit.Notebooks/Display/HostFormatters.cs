using System.Reflection;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>
/// Shows MathNet's matrices and vectors as tables. They cannot carry the kit's attribute, so their formatters are registered with
/// the host's Microsoft.DotNet.Interactive.Formatting, found by name; a host without it prints them as text.
/// </summary>
internal static class HostFormatters
{
    private static bool s_registered;

    /// <summary>Registers once; does nothing in a host that has no such formatter.</summary>
    public static void Register()
    {
        if (s_registered)
            return;
        s_registered = true;
        var register = Type.GetType("Microsoft.DotNet.Interactive.Formatting.Formatter, Microsoft.DotNet.Interactive.Formatting")
            ?.GetMethod("Register", BindingFlags.Public | BindingFlags.Static, [typeof(Type), typeof(Action<object, TextWriter>), typeof(string)]);
        if (register is null)
            return;
        foreach (var type in (Type[])[typeof(Matrix<double>), typeof(Vector<double>)])
        {
            register.Invoke(null, [type, (Action<object, TextWriter>)((value, writer) => writer.Write(Table(value).Html())), "text/html"]);
            register.Invoke(null, [type, (Action<object, TextWriter>)((value, writer) => writer.Write(Table(value).Text())), "text/plain"]);
        }
    }

    private static NumberTable Table(object value)
    {
        var block = NumberBlock.From(value)!;
        return new NumberTable($"{(value is Matrix<double> ? "Matrix" : "Vector")} {NumberBlock.Text(block.Shape)}", block.Shape, block.Values);
    }
}
