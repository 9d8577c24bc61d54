namespace CourseKit.Tasks;

/// <summary>A task on digits, whose input may be shown in another form: it is easier when what must be written first was read last, or was read twice.</summary>
public abstract class DigitTask : TextTask
{
    /// <summary>The greatest length.</summary>
    public const int MostLength = 1000;

    private protected DigitTask(string characters, bool reversed, bool doubled)
        : base("0123456789;" + characters) => (IsReversed, IsDoubled) = (reversed, doubled);

    /// <summary>Whether inputs stand from the last character to the first.</summary>
    public bool IsReversed { get; }

    /// <summary>Whether inputs stand twice, a semicolon between.</summary>
    public bool IsDoubled { get; }

    /// <summary>The name, and the form of its inputs: "CopyTask, input reversed".</summary>
    public override string ToString() => $"{GetType().Name}{(IsReversed, IsDoubled) switch
    {
        (true, true) => ", input reversed and doubled",
        (true, false) => ", input reversed",
        (false, true) => ", input doubled",
        _ => "",
    }}";

    private protected override void Check(Difficulty difficulty) => RequireIn(difficulty.Length, 1, MostLength, nameof(Difficulty.Length));

    /// <summary>Gives an input the form that was asked for.</summary>
    private protected TextExample Formed(TextExample example)
    {
        if (IsReversed)
            example = example.WithInputReversed();
        return IsDoubled ? example.WithInputDoubled() : example;
    }

    private protected override string Plain(TextExample example)
    {
        var input = IsDoubled ? example.Input[..(example.Input.Length / 2)] : example.Input;
        return IsReversed ? new([.. input.Reverse()]) : input;
    }
}
