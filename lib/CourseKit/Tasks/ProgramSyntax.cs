using System.Numerics;

namespace CourseKit.Tasks;

/// <summary>An expression: it has a place, a depth, and a value.</summary>
internal abstract class ProgramExpression(ProgramToken at, int depth)
{
    protected ProgramToken At => at;

    /// <summary>How many expressions lie in one another, itself counted.</summary>
    public int Depth => depth;

    public BigInteger Value(ProgramRun run)
    {
        run.Count(at.Line, at.Column);
        return Compute(run);
    }

    protected abstract BigInteger Compute(ProgramRun run);
}

internal sealed class NumberExpression(ProgramToken at) : ProgramExpression(at, 1)
{
    private readonly BigInteger number = BigInteger.Parse(at.Text, System.Globalization.CultureInfo.InvariantCulture);

    protected override BigInteger Compute(ProgramRun run) => number;
}

internal sealed class VariableExpression(ProgramToken at) : ProgramExpression(at, 1)
{
    protected override BigInteger Compute(ProgramRun run) => run.Variables.TryGetValue(At.Text, out var value)
        ? value
        : throw new ProgramException(At.Line, At.Column, $"the variable {At.Text} has no value yet. Assign one in a line before.");
}

internal sealed class NegativeExpression(ProgramToken at, ProgramExpression operand) : ProgramExpression(at, operand.Depth + 1)
{
    protected override BigInteger Compute(ProgramRun run) => -operand.Value(run);
}

/// <summary>A sum, difference or product.</summary>
internal sealed class ArithmeticExpression(ProgramToken at, ProgramExpression left, ProgramExpression right) : ProgramExpression(at, Math.Max(left.Depth, right.Depth) + 1)
{
    protected override BigInteger Compute(ProgramRun run)
    {
        var (a, b) = (left.Value(run), right.Value(run));
        return ProgramRun.Held(At.Text switch { "+" => a + b, "-" => a - b, _ => a * b }, At.Line, At.Column);
    }
}

/// <summary>then if left &lt; right else otherwise.</summary>
internal sealed class ConditionalExpression(ProgramToken comparison, ProgramExpression left, ProgramExpression right, ProgramExpression then, ProgramExpression otherwise)
    : ProgramExpression(comparison, Math.Max(Math.Max(left.Depth, right.Depth), Math.Max(then.Depth, otherwise.Depth)) + 1)
{
    protected override BigInteger Compute(ProgramRun run)
    {
        var order = left.Value(run).CompareTo(right.Value(run));
        return (At.Text == "<" ? order < 0 : order > 0) ? then.Value(run) : otherwise.Value(run);
    }
}

internal abstract class ProgramStatement
{
    public abstract void Execute(ProgramRun run);
}

/// <summary>name = value, name += value, name -= value.</summary>
internal sealed class AssignStatement(ProgramToken name, ProgramToken sign, ProgramExpression value) : ProgramStatement
{
    public override void Execute(ProgramRun run)
    {
        run.Count(name.Line, name.Column);
        if (sign.Text == "=")
        {
            run.Variables[name.Text] = value.Value(run);
            return;
        }
        if (!run.Variables.TryGetValue(name.Text, out var before))
            throw new ProgramException(name.Line, name.Column, $"the variable {name.Text} has no value yet that {sign.Text} could change. Assign one in a line before.");
        var change = value.Value(run);
        run.Variables[name.Text] = ProgramRun.Held(sign.Text == "+=" ? before + change : before - change, sign.Line, sign.Column);
    }
}

/// <summary>for name in range(count): body.</summary>
internal sealed class LoopStatement(ProgramToken name, ProgramExpression count, IReadOnlyList<ProgramStatement> body) : ProgramStatement
{
    public override void Execute(ProgramRun run)
    {
        var times = count.Value(run);
        for (var turn = BigInteger.Zero; turn < times; turn++)
        {
            run.Count(name.Line, name.Column);
            run.Variables[name.Text] = turn;
            foreach (var statement in body)
                statement.Execute(run);
        }
    }
}

internal sealed class PrintStatement(ProgramExpression value) : ProgramStatement
{
    public override void Execute(ProgramRun run) => run.Printed = value.Value(run);
}
