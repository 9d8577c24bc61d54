using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>What an LSTM has beside its four gates; all null and false is the plain one. The parts go together freely.</summary>
public sealed record LstmVariant
{
    /// <summary>
    /// Whether the forget gate is 1 − i. The weights then stack three gates, i, g, o: [3*hiddenSize, ·]. Default: false. Greff and others, LSTM: A Search Space Odyssey, 2017 (CIFG).
    /// </summary>
    public bool Coupled { get; init; }

    /// <summary>
    /// Weights from the cell to the gates, number by number: [3*hiddenSize] of i, f, o, or [2*hiddenSize] of i, o when <see cref="Coupled"/>; i and f see c_{t-1}, o sees c_t.
    /// Null: none. Gers and Schmidhuber, Recurrent Nets that Time and Count, 2000.
    /// </summary>
    public Tensor? Peephole { get; init; }

    /// <summary>
    /// W_hr, [projectionSize, hiddenSize]: h_t = W_hr·(o∘tanh(c_t)). WeightHh is then [gates*hiddenSize, projectionSize], and hidden states have projectionSize numbers. Null: none.
    /// Sak, Senior and Beaufays, 2014; PyTorch: weight_hr, proj_size.
    /// </summary>
    public Tensor? Projection { get; init; }

    /// <summary>Layer normalisation of the gates' sums and of the cell on its way out. Null: none. Ba, Kiros and Hinton, 2016.</summary>
    public LstmNorm? Norm { get; init; }

    internal int Gates => Coupled ? 3 : 4;
}
