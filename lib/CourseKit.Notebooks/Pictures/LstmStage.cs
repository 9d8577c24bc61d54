namespace CourseKit.Notebooks;

/// <summary>What an LSTM cell does in one time step, in this order.</summary>
public enum LstmStage
{
    /// <summary>The whole step.</summary>
    All,

    /// <summary>The forget gate decides how much of the cell is kept: f∘c.</summary>
    Forget,

    /// <summary>The input gate and the candidate make what is written: i∘g.</summary>
    Store,

    /// <summary>The cell is updated, first multiplied, then added to: c' = f∘c + i∘g.</summary>
    Update,

    /// <summary>The output gate decides how much of the cell is shown: h' = o∘tanh(c').</summary>
    Output,
}
