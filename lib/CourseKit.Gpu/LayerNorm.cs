using ILGPU;

namespace CourseKit.Gpu;

/// <summary>y = gain·x̂ + bias, x̂ = (x − mean)/√(variance + ε) of each row. x, y [rows, Columns] with rows so far apart, gain, bias [Columns] or empty, statistics [rows, 2] or empty. A group makes a row.</summary>
internal struct LayerNorm : IGrouped
{
    public ArrayView<float> X, Gain, Bias, Y, Statistics;
    public int Columns, XRow, YRow, StatisticsRow;
    public float Epsilon;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(GpuDevice.MostThreads);
        var row = Grid.IdxX * XRow;
        var sum = 0f;
        for (var j = Group.IdxX; j < Columns; j += Group.DimX) sum += X[row + j];
        var mean = Sums.OfGroup(shared, sum) / Columns;
        sum = 0;
        for (var j = Group.IdxX; j < Columns; j += Group.DimX) sum += (X[row + j] - mean) * (X[row + j] - mean);
        var inverse = 1 / MathF.Sqrt((Sums.OfGroup(shared, sum) / Columns) + Epsilon);
        for (var j = Group.IdxX; j < Columns; j += Group.DimX)
        {
            var y = (X[row + j] - mean) * inverse;
            if (Gain.Length > 0) y *= Gain[j];
            if (Bias.Length > 0) y += Bias[j];
            Y[(Grid.IdxX * YRow) + j] = y;
        }

        if (Statistics.Length == 0 || Group.IdxX != 0) return;
        Statistics[Grid.IdxX * StatisticsRow] = mean;
        Statistics[(Grid.IdxX * StatisticsRow) + 1] = inverse;
    }
}

/// <summary>With g = gain·dY, dX = or += (g − mean(g) − x̂·mean(g·x̂))/√(variance + ε). Rows as in <see cref="LayerNorm"/>.</summary>
internal struct LayerNormBackward : IGrouped
{
    public ArrayView<float> X, Gain, Statistics, DY, DX;
    public int Columns, XRow, StatisticsRow, DYRow, DXRow, Adds;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(GpuDevice.MostThreads);
        var (row, dRow, statistics) = (Grid.IdxX * XRow, Grid.IdxX * DYRow, Grid.IdxX * StatisticsRow);
        var (mean, inverse) = (Statistics[statistics], Statistics[statistics + 1]);
        float sum = 0, product = 0;
        for (var j = Group.IdxX; j < Columns; j += Group.DimX)
        {
            var g = G(dRow, j);
            sum += g;
            product += g * (X[row + j] - mean) * inverse;
        }

        sum = Sums.OfGroup(shared, sum) / Columns;
        product = Sums.OfGroup(shared, product) / Columns;
        for (var j = Group.IdxX; j < Columns; j += Group.DimX)
        {
            var at = (Grid.IdxX * DXRow) + j;
            var d = inverse * (G(dRow, j) - sum - ((X[row + j] - mean) * inverse * product));
            DX[at] = Adds != 0 ? DX[at] + d : d;
        }
    }

    private readonly float G(int dRow, int j) => Gain.Length > 0 ? Gain[j] * DY[dRow + j] : DY[dRow + j];
}

/// <summary>dY·x̂, whose column sums are the gain's gradient. x, dY [rows, Columns], statistics [rows, 2].</summary>
internal struct NormalTerm : ITerm
{
    public ArrayView<float> X, Statistics, DY;
    public int Columns;

    public readonly float At(int row, int column)
    {
        var at = (row * Columns) + column;
        return DY[at] * (X[at] - Statistics[2 * row]) * Statistics[(2 * row) + 1];
    }
}
