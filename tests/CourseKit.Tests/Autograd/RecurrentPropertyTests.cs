using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Autograd;

/// <summary>What must hold for every recurrent operation whatever its formula, for any sizes: of outputs, final states and every gradient.</summary>
public class RecurrentPropertyTests
{
    public static TheoryData<string> Kinds => [.. RecurrentProblem.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Padding_AnywhereWithAnything_ChangesNothing(string kind) => ForAll(kind, (problem, random) =>
    {
        // Every example gets as many time steps more, at the front, at the back and in between, that hold no numbers.
        var (whole, extra) = (problem.Solve(), random.Next(1, 4));
        var places = Enumerable.Range(0, problem.B).Select(_ => Enumerable.Range(0, problem.T + extra).OrderBy(_ => random.Next()).Take(problem.T).Order().ToArray()).ToArray();
        float[][] Spread(float[][] rows, float[] filler) =>
            [.. Enumerable.Range(0, problem.B).SelectMany(b => Enumerable.Range(0, problem.T + extra).Select(t => Array.IndexOf(places[b], t) is var i and >= 0 ? rows[(b * problem.T) + i] : filler))];

        var padded = (problem with
        {
            T = problem.T + extra,
            X = Spread(problem.X, [.. Enumerable.Repeat(float.NaN, problem.I)]),
            LossY = Spread(problem.LossY, [.. Enumerable.Repeat(7f, problem.StateSize)]),
            Mask = [.. places.SelectMany(taken => Enumerable.Range(0, problem.T + extra).Select(t => taken.Contains(t) ? 1f : 0))],
        }).Solve();
        Near(whole with { Y = Spread(whole.Y, new float[problem.StateSize]), DX = Spread(whole.DX, new float[problem.I]) }, padded);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Examples_InAnotherOrder_GiveTheSameInThatOrder(string kind) => ForAll(kind, (problem, random) =>
    {
        problem = problem with { Mask = [.. Enumerable.Range(0, problem.B * problem.T).Select(_ => random.Next(3) == 0 ? 0f : 1)] };
        int[] order = [.. Enumerable.Range(0, problem.B).OrderBy(_ => random.Next())];
        R[] Sort<R>(R[] rows) => [.. order.SelectMany(b => rows.Chunk(rows.Length / problem.B).ElementAt(b))];

        var (whole, sorted) = (problem.Solve(), (problem with
        {
            X = Sort(problem.X),
            Hidden = Sort(problem.Hidden),
            Cell = Sort(problem.Cell),
            LossY = Sort(problem.LossY),
            LossHidden = Sort(problem.LossHidden),
            Mask = Sort(problem.Mask),
        }).Solve());
        Near(whole with { Y = Sort(whole.Y), FinalHidden = Sort(whole.FinalHidden), FinalCell = Sort(whole.FinalCell), DX = Sort(whole.DX), DHidden = Sort(whole.DHidden), DCell = Sort(whole.DCell) }, sorted);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Chunks_WithCarriedState_AreTheWhole(string kind) => ForAll(kind, (problem, random) =>
    {
        problem = problem with { Mask = [.. Enumerable.Range(0, problem.B * problem.T).Select(_ => random.Next(3) == 0 ? 0f : 1)] };
        var whole = problem.Solve();
        Near(whole, problem.Solve(random.Next(1, problem.T + 1)));
        Near(whole, problem.Solve(chunk: 1));
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reverse_OfTheReversed_IsForward(string kind) => ForAll(kind, (problem, random) =>
    {
        problem = problem with { Mask = [.. Enumerable.Range(0, problem.B * problem.T).Select(_ => random.Next(3) == 0 ? 0f : 1)] };
        R[] Back<R>(R[] rows) => [.. rows.Chunk(problem.T).SelectMany(sequence => sequence.Reverse())];

        var (forward, back) = (problem.Solve(), (problem with { X = Back(problem.X), LossY = Back(problem.LossY), Mask = Back(problem.Mask), Reverse = !problem.Reverse }).Solve());
        Near(forward with { Y = Back(forward.Y), DX = Back(forward.DX) }, back);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OneStep_WithoutState_IgnoresTheRecurrentWeights(string kind) => ForAll(kind, (problem, random) =>
    {
        // Of a first step from zeros the recurrent weights see nothing, in either direction, so they get no gradient.
        problem = problem with
        {
            T = 1,
            X = problem.X[..problem.B],
            LossY = problem.LossY[..problem.B],
            Hidden = [.. problem.Hidden.Select(row => new float[row.Length])],
        };
        var (one, other) = (problem.Solve(), (problem with { Reverse = !problem.Reverse, Seed = problem.Seed, RecurrentScale = 3 }).Solve());
        Assert.Equal(one.Y, other.Y);
        Assert.Equal(one.FinalHidden, other.FinalHidden);
        Assert.Equal(one.DX, other.DX);
        Assert.All(one.DWeights[1], d => Assert.Equal(0, d));
        Assert.Equal(one.Y, one.FinalHidden);
    });

    private static void ForAll(string kind, Action<RecurrentProblem, Random> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            holds(RecurrentProblem.Draw(kind, random), random);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    private static void Near(RecurrentSolution expected, RecurrentSolution actual)
    {
        foreach (var ((what, one), (_, other)) in expected.Parts.Zip(actual.Parts))
        {
            Assert.Equal(one.Length, other.Length);
            for (var i = 0; i < one.Length; i++)
                Assert.True(Math.Abs(one[i] - other[i]) <= 2e-5 * Math.Max(1, Math.Abs(one[i])), $"{what}[{i}]: expected {one[i]:R}, but got {other[i]:R}");
        }
    }
}
