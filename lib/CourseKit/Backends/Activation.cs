namespace CourseKit.Backends;

/// <summary>An elementwise function between layers or inside a cell.</summary>
public enum Activation
{
    /// <summary>tanh(x), in (−1, 1).</summary>
    Tanh,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>1/(1 + e^−x), in (0, 1).</summary>
    Sigmoid,
}
