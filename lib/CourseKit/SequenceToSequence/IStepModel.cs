using CourseKit.Tensors;

namespace CourseKit.SequenceToSequence;

/// <summary>
/// A model that writes token by token: it reads one token a row and says how likely each token of its vocabulary is to come next. <see cref="Decoding{TState}"/>
/// writes with any such model; <see cref="EncoderDecoder"/> and <see cref="LanguageModel"/> are two, and one of your own takes three members.
/// </summary>
/// <typeparam name="TState">What the model carries from one step to the next, for all rows together. It is never changed in place, so that it can be used again.</typeparam>
public interface IStepModel<TState>
{
    /// <summary>How many tokens there are: they are 0..VocabularySize−1.</summary>
    int VocabularySize { get; }

    /// <summary>Reads one token a row.</summary>
    /// <param name="tokens">The last token of every row, [rows].</param>
    /// <param name="state">What was carried so far.</param>
    /// <returns>The logarithm of each next token's probability, [rows, VocabularySize], −∞ where it is 0; and the state after the tokens. Both last.</returns>
    (Tensor LogProbabilities, TState State) Step(int[] tokens, TState state);

    /// <summary>The state of some rows: row i of the result is row rows[i]. Search drops rows so, and doubles them.</summary>
    /// <param name="state">What was carried so far.</param>
    /// <param name="rows">At least one; a row may be left out, and may come twice.</param>
    TState Select(TState state, int[] rows);
}
