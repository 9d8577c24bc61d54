namespace CourseKit.Training;

/// <summary>The recurrent cell of a <see cref="CharacterModel"/>.</summary>
public enum CellKind
{
    /// <summary>Simple recurrent network with tanh.</summary>
    Rnn,

    /// <summary>Long short-term memory.</summary>
    Lstm,

    /// <summary>Gated recurrent unit, reset after the product.</summary>
    Gru,
}
