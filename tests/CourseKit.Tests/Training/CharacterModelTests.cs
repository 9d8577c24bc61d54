using CourseKit.Training;

namespace CourseKit.Tests.Training;

public class CharacterModelTests
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("abcd efgh. ", 400));

    private static readonly CharacterTraining Small = new() { Hidden = 32, Steps = 150, BatchSize = 8, Window = 20, LearningRate = 1e-2, Progress = null };

    [Theory]
    [InlineData(CellKind.Rnn)]
    [InlineData(CellKind.Lstm)]
    [InlineData(CellKind.Gru)]
    public void Train_RepeatingText_LearnsItAndWritesItOn(CellKind cell)
    {
        var result = CharacterModel.Train(Text, Small with { Cell = cell });

        Assert.InRange(result.ValidationNats!.Value, 0, 0.05);
        Assert.Equal("efgh. abcd efgh. ", result.Model.Sample("abcd efgh. abcd ", 17, temperature: 0));
    }
}
