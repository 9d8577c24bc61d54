using ILGPU;

namespace CourseKit.Gpu;

/// <summary>What is summed down the columns of a matrix.</summary>
internal interface ITerm
{
    float At(int row, int column);
}

/// <summary>to[column] += Σ_row term(row, column), and the same into also where that is not empty. A group takes some columns; its lanes take rows in turn, and a tree adds the lanes.</summary>
internal struct ColumnSums<TTerm> : IGrouped
    where TTerm : struct, ITerm
{
    public TTerm Term;
    public ArrayView<float> To, Also;
    public int Rows, Columns, Lanes;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(GpuDevice.MostThreads);
        var width = Group.DimX / Lanes;
        var (column, lane) = ((Grid.IdxX * width) + (Group.IdxX % width), Group.IdxX / width);
        var sum = 0f;
        for (var row = lane; row < Rows && column < Columns; row += Lanes) sum += Term.At(row, column);
        shared[Group.IdxX] = sum;
        Group.Barrier();
        for (var half = Lanes / 2; half > 0; half /= 2)
        {
            if (lane < half) shared[Group.IdxX] += shared[Group.IdxX + (half * width)];
            Group.Barrier();
        }

        if (lane != 0 || column >= Columns) return;
        if (To.Length > 0) To[column] += shared[Group.IdxX];
        if (Also.Length > 0) Also[column] += shared[Group.IdxX];
    }
}

/// <summary>x [rows, columns] as it is.</summary>
internal struct Plain : ITerm
{
    public ArrayView<float> X;
    public int Columns;

    public readonly float At(int row, int column) => X[(row * Columns) + column];
}

/// <summary>a·b, number by number: a [rows, Columns], of which the columns from First on count, b [rows, BColumns].</summary>
internal struct ProductTerm : ITerm
{
    public ArrayView<float> A, B;
    public int First, Columns, BColumns;

    public readonly float At(int row, int column) => A[(row * Columns) + First + column] * B[(row * BColumns) + column];
}

/// <summary>y[row] += scale[row]·x[row]; x, y [rows, Columns].</summary>
internal struct AddScaledRows : IEach
{
    public ArrayView<float> Scale, X, Y;
    public int Columns;

    public readonly void At(int i) => Y[i] += Scale[i / Columns] * X[i];
}

/// <summary>to[row, ToColumn + j] = or += from[row, FromColumn + j] for j below Count.</summary>
internal struct CopyColumns : IEach
{
    public ArrayView<float> From, To;
    public int FromColumns, FromColumn, ToColumns, ToColumn, Count, Adds;

    public readonly void At(int i)
    {
        var (row, j) = (i / Count, i % Count);
        var at = (row * ToColumns) + ToColumn + j;
        var value = From[(row * FromColumns) + FromColumn + j];
        To[at] = Adds != 0 ? To[at] + value : value;
    }
}

/// <summary>to = from in the rows that the mask lets in, and zeros in the others, whatever they hold. From, to [rows, Columns], mask [rows].</summary>
internal struct MaskedRows : IEach
{
    public ArrayView<float> From, Mask, To;
    public int Columns;

    public readonly void At(int i) => To[i] = Mask[i / Columns] != 0 ? From[i] : 0;
}

/// <summary>to [Columns, rows] = fromᵀ.</summary>
internal struct Transposed : IEach
{
    public ArrayView<float> From, To;
    public int Rows, Columns;

    public readonly void At(int i) => To[i] = From[(i % Rows * Columns) + (i / Rows)];
}
