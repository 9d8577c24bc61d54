using ILGPU;

namespace CourseKit.Gpu;

/// <summary>y = softmax of each row over the columns that the mask lets take part, exactly 0 elsewhere. x, y [rows, Columns]; mask [rows/Queries, Columns], or empty for all. A group makes a row.</summary>
internal struct Softmax : IGrouped
{
    public ArrayView<float> X, Mask, Y;
    public int Columns, Queries;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(GpuDevice.MostThreads);
        var (row, open) = (Grid.IdxX * Columns, Grid.IdxX / Queries * Columns);
        var greatest = float.NegativeInfinity;
        for (var j = Group.IdxX; j < Columns; j += Group.DimX)
        {
            var x = X[row + j];
            if (Takes(open + j) && x > greatest) greatest = x;
        }

        greatest = Sums.GreatestOfGroup(shared, greatest);
        var sum = 0f;
        for (var j = Group.IdxX; j < Columns; j += Group.DimX)
        {
            var e = Takes(open + j) ? VectorMath.Exp(X[row + j] - greatest) : 0;
            Y[row + j] = e;
            sum += e;
        }

        sum = Sums.OfGroup(shared, sum);
        for (var j = Group.IdxX; j < Columns; j += Group.DimX) Y[row + j] /= sum;
    }

    private readonly bool Takes(int at) => Mask.Length == 0 || Mask[at] != 0;
}

/// <summary>dX += y·(dY − Σ_j dY_j·y_j), row by row. y, dY, dX [rows, Columns].</summary>
internal struct SoftmaxBackward : IGrouped
{
    public ArrayView<float> Y, DY, DX;
    public int Columns, Adds;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(GpuDevice.MostThreads);
        var row = Grid.IdxX * Columns;
        var sum = 0f;
        for (var j = Group.IdxX; j < Columns; j += Group.DimX) sum += DY[row + j] * Y[row + j];
        sum = Sums.OfGroup(shared, sum);
        for (var j = Group.IdxX; j < Columns; j += Group.DimX)
        {
            var d = Y[row + j] * (DY[row + j] - sum);
            DX[row + j] = Adds != 0 ? DX[row + j] + d : d;
        }
    }
}

/// <summary>shut[row] = 1 where no step of the mask's row takes part, else 0. mask [rows, Steps].</summary>
internal struct ShutRows : IEach
{
    public ArrayView<float> Mask, Shut;
    public int Steps;

    public readonly void At(int i)
    {
        var shut = 1f;
        for (var step = 0; step < Steps; step++) shut = Mask[(i * Steps) + step] != 0 ? 0 : shut;
        Shut[i] = shut;
    }
}
