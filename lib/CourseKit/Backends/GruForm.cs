namespace CourseKit.Backends;

/// <summary>The forms of the gated recurrent unit; what differs is where its gates stand.</summary>
public enum GruForm
{
    /// <summary>The reset gate multiplies the recurrent product: n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn)); h' = (1 − z)·n + z·h. PyTorch, cuDNN, Keras with reset_after=True.</summary>
    ResetAfter,

    /// <summary>The reset gate multiplies the state: n = tanh(W_in·x + b_in + W_hn·(r·h) + b_hn); h' = (1 − z)·n + z·h. Cho and others, 2014; Keras with reset_after=False.</summary>
    ResetBefore,

    /// <summary>No reset gate, weights in the order z, n: n = tanh(W_in·x + b_in + W_hn·h + b_hn); h' = (1 − z)·n + z·h.</summary>
    UpdateOnly,

    /// <summary>The minimal gated unit, weights in the order f, n: n = tanh(W_in·x + b_in + W_hn·(f·h) + b_hn); h' = (1 − f)·h + f·n. Zhou and others, 2016.</summary>
    Minimal,
}

/// <summary>What the forms' weights stack.</summary>
internal static class GruForms
{
    /// <summary>How many gates the weights stack; n is the last.</summary>
    internal static int Gates(this GruForm form) => form switch
    {
        GruForm.ResetAfter or GruForm.ResetBefore => 3,
        GruForm.UpdateOnly or GruForm.Minimal => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(form)),
    };
}
