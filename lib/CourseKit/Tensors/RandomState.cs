namespace CourseKit.Tensors;

/// <summary>Where a <see cref="RandomSource"/> stands: the four words of xoshiro256**.</summary>
/// <param name="S0">The first word.</param>
/// <param name="S1">The second word.</param>
/// <param name="S2">The third word.</param>
/// <param name="S3">The fourth word.</param>
public readonly record struct RandomState(ulong S0, ulong S1, ulong S2, ulong S3);
