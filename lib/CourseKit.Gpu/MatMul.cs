using ILGPU;

namespace CourseKit.Gpu;

/// <summary>How many threads lie along each side of a product's tile; each makes 4 by 4 numbers.</summary>
internal interface ITile
{
    int Side { get; }
}

/// <summary>Tiles of 64 by 64 numbers, 256 threads.</summary>
internal struct LargeTile : ITile
{
    public readonly int Side => 16;
}

/// <summary>Tiles of 32 by 32 numbers, 64 threads, where large ones would leave most of the device idle.</summary>
internal struct SmallTile : ITile
{
    public readonly int Side => 8;
}

/// <summary>Tiles of 16 by 16 numbers, 16 threads, for devices that cannot do more.</summary>
internal struct LeastTile : ITile
{
    public readonly int Side => 4;
}

/// <summary>
/// C = A·B + bias, or C += A·B, for each matrix of a batch. A [M, K], B [K, N], C [M, N], bias [N] or empty; the strides say where rows, columns and matrices lie, so that any of A and B may be transposed.
/// A group makes one tile of C: 16 columns of A and 16 rows of B at a time lie in shared memory, and each thread adds their products to 4 by 4 numbers in registers. Sums run in the order of K.
/// </summary>
internal struct MatMul<TTile> : IGrouped
    where TTile : struct, ITile
{
    private const int Depth = 16, LargestTile = 64;

    public ArrayView<float> A, B, C, Bias;
    public int M, N, K, ARow, AColumn, AMatrix, BRow, BColumn, BMatrix, CRow, CMatrix, Adds;

    public readonly void Run()
    {
        var a = SharedMemory.Allocate<float>(Depth * (LargestTile + 1));
        var b = SharedMemory.Allocate<float>(Depth * (LargestTile + 1));
        var side = default(TTile).Side;
        var tile = 4 * side;
        var pitch = tile + 1;
        var across = (N + tile - 1) / tile;
        var tiles = (M + tile - 1) / tile * across;
        var matrix = Grid.IdxX / tiles;
        var at = Grid.IdxX % tiles;
        var (top, left) = (at / across * tile, at % across * tile);
        var thread = Group.IdxX;
        var (x, y) = (thread % side, thread / side);
        var (firstA, firstB) = (matrix * AMatrix, matrix * BMatrix);
        float c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0, c20 = 0, c21 = 0, c22 = 0, c23 = 0, c30 = 0, c31 = 0, c32 = 0, c33 = 0;
        for (var k = 0; k < K; k += Depth)
        {
            // Neighbouring threads read neighbouring numbers, whichever way a matrix lies.
            for (var i = thread; i < tile * Depth; i += side * side)
            {
                var (rowA, kA) = AColumn == 1 ? (i / Depth, i % Depth) : (i % tile, i / tile);
                a[(kA * pitch) + rowA] = top + rowA < M && k + kA < K ? A[firstA + ((top + rowA) * ARow) + ((k + kA) * AColumn)] : 0;
                var (columnB, kB) = BColumn == 1 ? (i % tile, i / tile) : (i / Depth, i % Depth);
                b[(kB * pitch) + columnB] = left + columnB < N && k + kB < K ? B[firstB + ((k + kB) * BRow) + ((left + columnB) * BColumn)] : 0;
            }

            Group.Barrier();
            for (var d = 0; d < Depth; d++)
            {
                var (atA, atB) = ((d * pitch) + y, (d * pitch) + x);
                float a0 = a[atA], a1 = a[atA + side], a2 = a[atA + (2 * side)], a3 = a[atA + (3 * side)];
                float b0 = b[atB], b1 = b[atB + side], b2 = b[atB + (2 * side)], b3 = b[atB + (3 * side)];
                c00 += a0 * b0;
                c01 += a0 * b1;
                c02 += a0 * b2;
                c03 += a0 * b3;
                c10 += a1 * b0;
                c11 += a1 * b1;
                c12 += a1 * b2;
                c13 += a1 * b3;
                c20 += a2 * b0;
                c21 += a2 * b1;
                c22 += a2 * b2;
                c23 += a2 * b3;
                c30 += a3 * b0;
                c31 += a3 * b1;
                c32 += a3 * b2;
                c33 += a3 * b3;
            }

            Group.Barrier();
        }

        var (row, column) = (top + y, left + x);
        Store(matrix, row, column, side, c00, c01, c02, c03);
        Store(matrix, row + side, column, side, c10, c11, c12, c13);
        Store(matrix, row + (2 * side), column, side, c20, c21, c22, c23);
        Store(matrix, row + (3 * side), column, side, c30, c31, c32, c33);
    }

    private readonly void Store(int matrix, int row, int column, int side, float c0, float c1, float c2, float c3)
    {
        Store(matrix, row, column, c0);
        Store(matrix, row, column + side, c1);
        Store(matrix, row, column + (2 * side), c2);
        Store(matrix, row, column + (3 * side), c3);
    }

    private readonly void Store(int matrix, int row, int column, float c)
    {
        if (row >= M || column >= N) return;
        var at = (matrix * CMatrix) + (row * CRow) + column;
        if (Bias.Length > 0) c += Bias[column];
        C[at] = Adds != 0 ? C[at] + c : c;
    }
}
