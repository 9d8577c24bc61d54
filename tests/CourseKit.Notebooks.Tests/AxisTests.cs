namespace CourseKit.Notebooks.Tests;

public class AxisTests
{
    [Theory]
    [InlineData(0, 10, "0 2 4 6 8 10")]
    [InlineData(1.61, 4.83, "1.5 2.0 2.5 3.0 3.5 4.0 4.5 5.0")]
    [InlineData(-1, 1, "-1.0 -0.5 0 0.5 1.0")]
    [InlineData(0, 0.003, "0 0.0005 0.0010 0.0015 0.0020 0.0025 0.0030")]
    [InlineData(0, 4_000_000, "0 1e6 2e6 3e6 4e6")]
    [InlineData(1e-7, 4e-7, "1e-7 1.5e-7 2e-7 2.5e-7 3e-7 3.5e-7 4e-7")]
    [InlineData(1000.001, 1000.003, "1000.0010 1000.0015 1000.0020 1000.0025 1000.0030")]
    public void Fit_RoundLinear_ChoosesStepsOfOneTwoOrFive(double min, double max, string labels) =>
        Assert.Equal(labels, string.Join(' ', Axis.Fit(min, max, log: false, round: true, target: 5).Ticks.Select(tick => tick.Text)));

    [Theory]
    [InlineData(1e-8, 1, "1e-8 1e-6 0.0001 0.01 1")]
    [InlineData(1, 100, "1 2 5 10 20 50 100")]
    public void Fit_Log_ChoosesPowersOfTen(double min, double max, string labels) =>
        Assert.Equal(labels, string.Join(' ', Axis.Fit(min, max, log: true, round: true, target: 5).Ticks.Select(tick => tick.Text)));

    [Fact]
    public void Place_Linear_IsProportional()
    {
        var axis = Axis.Fit(0, 10, log: false, round: true, target: 5).Between(100, 300);
        Assert.Equal([100, 150, 300], new[] { 0, 2.5, 10 }.Select(axis.Place));
    }

    [Fact]
    public void Place_Log_EqualFactorsAreEqualDistances()
    {
        var axis = Axis.Fit(1, 10000, log: true, round: false, target: 5).Between(0, 400);
        Assert.Equal(100, axis.Place(10), 9);
        Assert.Equal(300, axis.Place(1000), 9);
    }

    [Theory]
    [InlineData(0, -1, 1)]
    [InlineData(5, 4.5, 5.5)]
    [InlineData(-20, -22, -18)]
    public void Fit_ConstantData_LeavesRoomOnBothSides(double value, double min, double max)
    {
        var axis = Axis.Fit(value, value, log: false, round: false, target: 5);
        Assert.Equal((min, max), (axis.Min, axis.Max));
    }

    [Theory]
    [InlineData(-double.MaxValue, double.MaxValue)]
    [InlineData(0, double.Epsilon)]
    [InlineData(double.MaxValue, double.MaxValue)]
    [InlineData(1, 1.0000000000000002)]
    public void Fit_ExtremeRange_StaysFiniteAndOrdered(double min, double max)
    {
        var axis = Axis.Fit(min, max, log: false, round: true, target: 5).Between(0, 100);
        Assert.True(double.IsFinite(axis.Min) && double.IsFinite(axis.Max) && axis.Min < axis.Max);
        Assert.InRange(axis.Place(min), 0, 100);
        Assert.InRange(axis.Place(max), axis.Place(min), 100);
    }

    [Fact]
    public void Fit_AnyRange_TicksIncreaseLieInsideAndDifferInText() =>
        Prop.ForAll<NormalFloat, NormalFloat, bool>((a, b, log) =>
        {
            var (low, high) = (Math.Min(a.Get, b.Get), Math.Max(a.Get, b.Get));
            if (log)
                (low, high) = (Math.Abs(a.Get) + 1e-9, Math.Abs(a.Get) + 1e-9 + Math.Abs(b.Get));
            var axis = Axis.Fit(low, high, log, round: true, target: 5);
            var values = axis.Ticks.Select(tick => tick.Value).ToArray();
            return values.Length is >= 1 and <= 14
                && values.SequenceEqual(values.Order().Distinct())
                && axis.Ticks.Select(tick => tick.Text).Distinct().Count() == values.Length
                && values.All(value => value >= axis.Min && value <= axis.Max)
                && axis.Min <= low && axis.Max >= high;
        }).QuickCheckThrowOnFailure();
}
