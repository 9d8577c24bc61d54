namespace CourseKit.Backends;

/// <summary>The gradients that belong to an <see cref="LstmForm"/>. A null incoming gradient is zero; a null outgoing one is not wanted.</summary>
public readonly record struct LstmFormGradients
{
    /// <summary>In: of every step's cell, [B, T, H]; only where <see cref="LstmForm.Cells"/> was given.</summary>
    public Storage? DCellsOut { get; init; }

    /// <summary>Added to: [3H], or [2H] when coupled.</summary>
    public Storage? DPeephole { get; init; }

    /// <summary>Added to: [P, H].</summary>
    public Storage? DProjection { get; init; }

    /// <summary>Added to: [B, T, H].</summary>
    public Storage? DCellBelow { get; init; }

    /// <summary>Added to: [H, I].</summary>
    public Storage? DDepthWeightIh { get; init; }

    /// <summary>Added to: [H].</summary>
    public Storage? DDepthBias { get; init; }

    /// <summary>Added to: [H].</summary>
    public Storage? DDepthFromCell { get; init; }

    /// <summary>Added to: [H].</summary>
    public Storage? DDepthFromBelow { get; init; }

    /// <summary>Added to: [G·H].</summary>
    public Storage? DNormGainIh { get; init; }

    /// <summary>Added to: [G·H].</summary>
    public Storage? DNormGainHh { get; init; }

    /// <summary>Added to: [H].</summary>
    public Storage? DNormGainCell { get; init; }

    /// <summary>Added to: [H].</summary>
    public Storage? DNormBiasCell { get; init; }
}
