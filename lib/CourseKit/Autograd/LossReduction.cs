namespace CourseKit.Autograd;

/// <summary>What becomes of the losses of a batch.</summary>
public enum LossReduction
{
    /// <summary>Their mean, as the loss says.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay apart.</summary>
    None,
}
