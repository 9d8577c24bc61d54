using CourseKit.Layers;

namespace CourseKit.Notebooks;

/// <summary>How a layer goes over time: each step by itself, or with a state from step to step, in one direction or both.</summary>
internal enum NetworkFlow
{
    /// <summary>Each time step by itself.</summary>
    Each,

    /// <summary>From the first step to the last.</summary>
    Forward,

    /// <summary>From the last step to the first.</summary>
    Reverse,

    /// <summary>In both directions.</summary>
    Both,
}

/// <summary>One row of an unrolled network: a layer, or one of a stack.</summary>
/// <param name="Name">What it is called, as its parameters are: "lstm.l0".</param>
/// <param name="Kind">Its class; empty where the name says it.</param>
/// <param name="Output">The shape that it gives: "[batch, time, 32]".</param>
/// <param name="ParameterCount">Numbers that it learns.</param>
/// <param name="Symbol">The letter in its boxes: h.</param>
/// <param name="Flow">How it goes over time.</param>
internal sealed record NetworkRow(string Name, string Kind, string Output, long ParameterCount, string Symbol, NetworkFlow Flow)
{
    /// <summary>Whether a cell goes along with the hidden state.</summary>
    public bool HasCell { get; init; }

    /// <summary>What becomes of two directions.</summary>
    public BidirectionalMerge Merge { get; init; }

    /// <summary>Whether every time step comes out, or the final state alone.</summary>
    public bool Sequences { get; init; } = true;

    /// <summary>Whether what goes in is added to what comes out.</summary>
    public bool IsResidual { get; init; }

    /// <summary>How many rows this one stands for that are not drawn; 0 for a row of its own.</summary>
    public int Hidden { get; init; }

    /// <summary>The name, and the kind where that says more.</summary>
    public string Title => Kind.Length > 0 ? $"{Name} {Kind}" : Name;

    /// <summary>How many numbers it learns, in words.</summary>
    public string Parameters => ParameterCount switch
    {
        0 => "no parameters",
        1 => "1 parameter",
        _ => FormattableString.Invariant($"{ParameterCount:N0} parameters"),
    };

    /// <summary>The lines beside the row.</summary>
    public string[] Lines => Hidden > 0 || Output.Length == 0 ? [Title, Parameters] : [Title, Output, Parameters];

    /// <summary>The row in one line, for those who cannot see it.</summary>
    public override string ToString() => Hidden > 0 ? Name : $"{Title}{Flow switch
    {
        NetworkFlow.Forward => " forward in time",
        NetworkFlow.Reverse => " backward in time",
        NetworkFlow.Both => " in both directions",
        _ => "",
    }} {Output}{(Output.Length > 0 ? ", " : "")}{Parameters}";
}
