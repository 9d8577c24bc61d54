namespace CourseKit.Inspection;

/// <summary>What a <see cref="Recorder"/> took: one record for each layer, direction and call.</summary>
public sealed class Recording
{
    internal Recording(IReadOnlyList<RecurrentRecord> records) => Records = records;

    /// <summary>The records, in the order in which the layers ran.</summary>
    public IReadOnlyList<RecurrentRecord> Records { get; }

    /// <summary>The last record of that name.</summary>
    /// <param name="name">Such as "l0", or "lstm.l0" when the recorder was given the model's parameters.</param>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public RecurrentRecord this[string name] => Records.LastOrDefault(record => record.Name == name)
        ?? throw new ArgumentException($"Recording: there is no record \"{name}\". There {(Records.Count == 0 ? "are none: no recurrent operation ran" : $"are {string.Join(", ", Records.Select(record => record.Name).Distinct())}")}.", nameof(name));

    /// <summary>One line for each record.</summary>
    public override string ToString() => Records.Count == 0 ? "Recording: no recurrent operation ran." : string.Join("\n", Records);
}
