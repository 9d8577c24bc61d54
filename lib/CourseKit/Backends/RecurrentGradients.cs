namespace CourseKit.Backends;

/// <summary>Where backpropagation through time gets its gradients from and where it puts them. A null incoming gradient is zero; a null outgoing one is not wanted.</summary>
public readonly record struct RecurrentGradients
{
    /// <summary>In: of the outputs, [B, T, H].</summary>
    public Storage? DY { get; init; }

    /// <summary>In: of the final hidden state, [B, H].</summary>
    public Storage? DHN { get; init; }

    /// <summary>In: of the final cell, [B, H]; of an LSTM only.</summary>
    public Storage? DCN { get; init; }

    /// <summary>Added to: [B, T, I].</summary>
    public Storage? DX { get; init; }

    /// <summary>Added to: [B, H].</summary>
    public Storage? DH0 { get; init; }

    /// <summary>Added to: [B, H]; of an LSTM only.</summary>
    public Storage? DC0 { get; init; }

    /// <summary>Added to: [G·H, I].</summary>
    public Storage? DWeightIh { get; init; }

    /// <summary>Added to: [G·H, H].</summary>
    public Storage? DWeightHh { get; init; }

    /// <summary>Added to: [G·H].</summary>
    public Storage? DBiasIh { get; init; }

    /// <summary>Added to: [G·H].</summary>
    public Storage? DBiasHh { get; init; }

    /// <summary>Written: all that reaches h_t, from its output and from later steps, [B, T, H].</summary>
    public Storage? DStates { get; init; }

    /// <summary>Written: all that reaches c_t, [B, T, H]; of an LSTM only.</summary>
    public Storage? DCells { get; init; }

    /// <summary>Written: the gradients of the gates' sums before their activation, [B, T, G·H].</summary>
    public Storage? DGates { get; init; }

    /// <summary>The gradients of what <see cref="RecurrentSequence.LstmForm"/> names.</summary>
    public LstmFormGradients LstmForm { get; init; }
}
