using CourseKit.Training;

namespace CourseKit.Tests.Training;

public class ScheduleTests
{
    // One validation a step, as PyTorch's scheduler was given them.
    private static readonly double[] Losses =
    [
        4, 3.5, 3.2, 3.2, 3.19999, 3.3, 3.1, 3.1, 3.1, 3.1, 3.1, 3.1, 2.9, 2.95, 2.95, 2.95, 2.95, 2.95, 2.95, 2.95,
        2.95, 2.95, 2.95, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.9999, 1.9999, 1.9999, 1.9999, 1.9999, 1.9999, 1.9999, 1.9999, 1.9999,
    ];

    public static TheoryData<Schedule, Func<int, double>> Formulas => new()
    {
        { Schedule.StepDecay(7, 0.3), t => Math.Pow(0.3, Math.Floor(t / 7.0)) },
        { Schedule.Exponential(0.9), t => Math.Pow(0.9, t) },
        { Schedule.Cosine(30, 0.1), t => t >= 30 ? 0.1 : 0.1 + (0.9 * (1 + Math.Cos(Math.PI * t / 30)) / 2) },
        { Schedule.WarmUp(10, 0.2), t => t >= 10 ? 1 : 0.2 + (0.8 * t / 10) },
        { Schedule.WarmUp(8, 0.1).Then(8, Schedule.Exponential(0.8)), t => t < 8 ? 0.1 + (0.9 * t / 8) : Math.Pow(0.8, t - 8) },
        { Schedule.WarmUp(12, 0.25).Times(Schedule.StepDecay(5, 0.5)), t => (0.25 + (0.75 * Math.Min(t, 12) / 12)) * Math.Pow(0.5, Math.Floor(t / 5.0)) },
        { new Schedule((step, _) => 1 / Math.Sqrt(step + 1)), t => Math.Pow(t + 1, -0.5) },
    };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Factor_AnyStep_TakesTheFormula(Schedule schedule, Func<int, double> formula)
    {
        for (var step = 0; step < 60; step++)
            Assert.Equal(formula(step), schedule.Factor(step, []), 1e-14);
    }

    /// <summary>Rates that PyTorch 1.13 gave at base rate 0.5, after 3, 17 and 39 steps.</summary>
    [Fact]
    public void Factor_AgainstPyTorch_GivesItsRates()
    {
        AgreesWithPyTorch(Schedule.StepDecay(7, 0.3), 0.5, 0.045, 0.001215);
        AgreesWithPyTorch(Schedule.Exponential(0.9), 0.36450000000000005, 0.08338590849833288, 0.008211601634130337);
        AgreesWithPyTorch(Schedule.Cosine(40, 0.1), 0.4937832320894772, 0.3275252068675788, 0.05069359991004621);
        AgreesWithPyTorch(Schedule.WarmUp(10, 0.2), 0.22, 0.5, 0.5);
        AgreesWithPyTorch(Schedule.WarmUp(8, 0.1).Then(8, Schedule.Exponential(0.8)), 0.21875, 0.06710886400000003, 0.0004951760157141529);
        AgreesWithPyTorch(Schedule.WarmUp(12, 0.25).Times(Schedule.StepDecay(5, 0.5)), 0.21875, 0.0625, 0.00390625);

        static void AgreesWithPyTorch(Schedule schedule, params double[] rates) =>
            Assert.Equal(rates, new[] { 3, 17, 39 }.Select(step => 0.5 * schedule.Factor(step, [])), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void OnPlateau_AgainstPyTorch_FallsAtTheSameValidations()
    {
        // How often PyTorch had multiplied by the factor before each step; −1: held at the minimum.
        int[] slow = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, -1, -1, -1, -1, -1, -1, -1];
        int[] fast = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15];
        for (var step = 0; step < 40; step++)
        {
            Assert.Equal(slow[step] < 0 ? 0.04 : Math.Pow(0.5, slow[step]), Schedule.OnPlateau(0.5, 2, 1e-3, 3, 0.04).Factor(step, Points(step)), 1e-14);
            Assert.Equal(Math.Pow(0.3, fast[step]), Schedule.OnPlateau(0.3, patience: 1).Factor(step, Points(step)), 1e-14);
        }
    }

    [Fact]
    public void OnTarget_EachValidationThatPasses_MultipliesDownToTheMinimum()
    {
        var schedule = Schedule.OnTarget(3.0, minimum: 0.5);
        Assert.Equal(1, schedule.Factor(12, Points(12)));
        Assert.Equal(0.8, schedule.Factor(13, Points(13)));
        Assert.Equal(0.64, schedule.Factor(14, Points(14)), 1e-15);
        Assert.Equal(0.5, schedule.Factor(40, Points(40)));
        Assert.Equal(0.8, Schedule.OnTarget(4).Factor(1, Points(1)));
    }

    [Fact]
    public void Then_ScheduleByValidation_SeesItsOwnStepsOnly()
    {
        var schedule = Schedule.WarmUp(5).Then(5, Schedule.OnTarget(100));
        Assert.Equal(1, schedule.Factor(5, Points(5)));
        Assert.Equal(Math.Pow(0.8, 3), schedule.Factor(8, Points(8)), 1e-15);
    }

    [Fact]
    public void ToString_Composed_NamesEveryNumber()
    {
        Assert.Equal("WarmUp(100, 0.1).Then(100, Cosine(900, 0))", Schedule.WarmUp(100, 0.1).Then(100, Schedule.Cosine(900)).ToString());
        Assert.Equal("StepDecay(7, 0.1).Times(OnPlateau(0.1, 10, 0.0001, 0, 0))", Schedule.StepDecay(7).Times(Schedule.OnPlateau()).ToString());
        Assert.Equal("OnTarget(1.5, 0.8, 0)", Schedule.OnTarget(1.5).ToString());
    }

    [Fact]
    public void Factory_NumberOutsideItsRange_ThrowsNamingIt()
    {
        Assert.Equal("Schedule.StepDecay: every must be at least 1, but got 0.", Message(() => Schedule.StepDecay(0)));
        Assert.Equal("Schedule.StepDecay: factor must be above 0 and at most 1, but got 0.", Message(() => Schedule.StepDecay(1, 0)));
        Assert.Equal("Schedule.Exponential: factor must be above 0 and at most 1, but got 1.1.", Message(() => Schedule.Exponential(1.1)));
        Assert.Equal("Schedule.Cosine: steps must be at least 1, but got 0.", Message(() => Schedule.Cosine(0)));
        Assert.Equal("Schedule.Cosine: minimum must be from 0 to 1, but got 2.", Message(() => Schedule.Cosine(1, 2)));
        Assert.Equal("Schedule.WarmUp: start must be from 0 to 1, but got NaN.", Message(() => Schedule.WarmUp(1, double.NaN)));
        Assert.Equal("Schedule.OnPlateau: patience must be at least 0, but got -1.", Message(() => Schedule.OnPlateau(patience: -1)));
        Assert.Equal("Schedule.OnPlateau: threshold must be at least 0 and below 1, but got 1.", Message(() => Schedule.OnPlateau(threshold: 1)));
        Assert.Equal("Schedule.OnPlateau: cooldown must be at least 0, but got -2.", Message(() => Schedule.OnPlateau(cooldown: -2)));
        Assert.Equal("Schedule.OnTarget: target must be finite, but got NaN.", Message(() => Schedule.OnTarget(double.NaN)));
        Assert.Equal("Schedule.Then: after must be at least 0, but got -1.", Message(() => Schedule.WarmUp(1).Then(-1, Schedule.Cosine(1))));
    }

    private static ValidationPoint[] Points(int count) => [.. Losses.Take(count).Select((loss, index) => new ValidationPoint(index + 1, loss))];

    private static string Message(Func<Schedule> make) => Assert.Throws<ArgumentOutOfRangeException>(make).Message;
}
