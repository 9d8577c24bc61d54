using ILGPU;

namespace CourseKit.Gpu;

/// <summary>One number for each gate of a unit, in the order of the weights; a cell with fewer gates leaves the last ones 0.</summary>
internal struct GateSums
{
    public float A, B, C, D;
}

/// <summary>
/// A recurrent cell whose step, apart from one product with the state, is work on single units. Steps are counted in the order they are taken. The product comes as
/// one sum a gate; the cell adds the input's product and the biases, and writes what the layer gives out and what the way back reads.
/// </summary>
internal interface IRecurrentCell
{
    /// <summary>H.</summary>
    int Units { get; }

    /// <summary>T.</summary>
    int Steps { get; }

    /// <summary>How many gates the weights stack, at most 4.</summary>
    int Gates { get; }

    /// <summary>Sets unit j of example b to the state before the first step; gives what the product sees of it.</summary>
    float Start(int b, int j);

    /// <summary>Takes a step; gives what the next step's product sees of the new state.</summary>
    float Forward(int b, int j, int step, GateSums state);

    /// <summary>Takes a step back: product is what came through the later step's product to what it saw of this unit. Gives the gradients of the sums of the state's product.</summary>
    GateSums Backward(int b, int j, int step, float product);

    /// <summary>Adds what reached the state before the first step to its gradient.</summary>
    void Finish(int b, int j, float product);
}

/// <summary>One step for all units; the product [B, Gates·H] was made before, or is empty where the state is 0.</summary>
internal struct StepForward<TCell> : IEach
    where TCell : struct, IRecurrentCell
{
    public TCell Cell;
    public ArrayView<float> Product;
    public int Step;

    public readonly void At(int i)
    {
        var (b, j) = (i / Cell.Units, i % Cell.Units);
        var sums = default(GateSums);
        if (Product.Length > 0)
        {
            var at = (b * Cell.Gates * Cell.Units) + j;
            sums.A = Product[at];
            if (Cell.Gates > 1) sums.B = Product[at + Cell.Units];
            if (Cell.Gates > 2) sums.C = Product[at + (2 * Cell.Units)];
            if (Cell.Gates > 3) sums.D = Product[at + (3 * Cell.Units)];
        }

        Cell.Forward(b, j, Step, sums);
    }
}

/// <summary>The states before the first step.</summary>
internal struct StepStart<TCell> : IEach
    where TCell : struct, IRecurrentCell
{
    public TCell Cell;

    public readonly void At(int i) => Cell.Start(i / Cell.Units, i % Cell.Units);
}

/// <summary>One step back for all units; the later step's product [B, H] was made before, or is empty at the last step.</summary>
internal struct StepBackward<TCell> : IEach
    where TCell : struct, IRecurrentCell
{
    public TCell Cell;
    public ArrayView<float> Product;
    public int Step;

    public readonly void At(int i) => Cell.Backward(i / Cell.Units, i % Cell.Units, Step, Product.Length > 0 ? Product[i] : 0);
}

/// <summary>The gradients of the states before the first step; the first step's product is [B, H].</summary>
internal struct StepFinish<TCell> : IEach
    where TCell : struct, IRecurrentCell
{
    public TCell Cell;
    public ArrayView<float> Product;

    public readonly void At(int i) => Cell.Finish(i / Cell.Units, i % Cell.Units, Product[i]);
}

/// <summary>
/// All steps of one example in one group, for states that fit its shared memory: what the product sees of the state lies there twice, so that one barrier a step is enough.
/// Weights [H, Gates·H], transposed, so that neighbouring threads read neighbouring numbers.
/// </summary>
internal struct LoopForward<TCell> : IGrouped
    where TCell : struct, IRecurrentCell
{
    /// <summary>The most units of a state in shared memory.</summary>
    internal const int MostUnits = 256;

    public TCell Cell;
    public ArrayView<float> Weights;

    public readonly void Run()
    {
        var states = SharedMemory.Allocate<float>(2 * MostUnits);
        var b = Grid.IdxX;
        var (now, next) = (0, MostUnits);
        for (var j = Group.IdxX; j < Cell.Units; j += Group.DimX) states[j] = Cell.Start(b, j);
        for (var step = 0; step < Cell.Steps; step++)
        {
            Group.Barrier();
            for (var j = Group.IdxX; j < Cell.Units; j += Group.DimX)
            {
                var sums = default(GateSums);
                for (var k = 0; k < Cell.Units; k++)
                {
                    var (h, at) = (states[now + k], (k * Cell.Gates * Cell.Units) + j);
                    sums.A += h * Weights[at];
                    if (Cell.Gates > 1) sums.B += h * Weights[at + Cell.Units];
                    if (Cell.Gates > 2) sums.C += h * Weights[at + (2 * Cell.Units)];
                    if (Cell.Gates > 3) sums.D += h * Weights[at + (3 * Cell.Units)];
                }

                states[next + j] = Cell.Forward(b, j, step, sums);
            }

            (now, next) = (next, now);
        }
    }
}

/// <summary>All steps back of one example in one group; the gates' gradients of a step lie in shared memory. Weights [Gates·H, H], product [B, H].</summary>
internal struct LoopBackward<TCell> : IGrouped
    where TCell : struct, IRecurrentCell
{
    public TCell Cell;
    public ArrayView<float> Weights, Product;

    public readonly void Run()
    {
        var gates = SharedMemory.Allocate<float>(4 * LoopForward<TCell>.MostUnits);
        var (b, H) = (Grid.IdxX, Cell.Units);
        for (var j = Group.IdxX; j < H; j += Group.DimX) Product[(b * H) + j] = 0;
        for (var step = Cell.Steps - 1; step >= 0; step--)
        {
            for (var j = Group.IdxX; j < H; j += Group.DimX)
            {
                var d = Cell.Backward(b, j, step, Product[(b * H) + j]);
                gates[j] = d.A;
                if (Cell.Gates > 1) gates[H + j] = d.B;
                if (Cell.Gates > 2) gates[(2 * H) + j] = d.C;
                if (Cell.Gates > 3) gates[(3 * H) + j] = d.D;
            }

            Group.Barrier();
            for (var k = Group.IdxX; k < H; k += Group.DimX)
            {
                var sum = 0f;
                for (var row = 0; row < Cell.Gates * H; row++) sum += gates[row] * Weights[(row * H) + k];
                Product[(b * H) + k] = sum;
            }

            Group.Barrier();
        }

        for (var j = Group.IdxX; j < H; j += Group.DimX) Cell.Finish(b, j, Product[(b * H) + j]);
    }
}
