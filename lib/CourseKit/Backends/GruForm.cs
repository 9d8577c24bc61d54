namespace CourseKit.Backends;

/// <summary>The forms of the gated recurrent unit; what differs is where its gates stand. Its state is h' = (1 − z)·n + z·h.</summary>
public enum GruForm
{
    /// <summary>The reset gate multiplies the recurrent product: n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn)). PyTorch, cuDNN, Keras with reset_after=True.</summary>
    ResetAfter,

    /// <summary>The reset gate multiplies the state: n = tanh(W_in·x + b_in + W_hn·(r·h) + b_hn). Cho and others, 2014; Keras with reset_after=False.</summary>
    ResetBefore,
}
