using ILGPU;

namespace CourseKit.Gpu;

/// <summary>
/// loss = −weight·Σ_j q_j·log softmax(logits)_j, q_j = w_j·((1 − ε)·[j = target] + ε/classes); dLogits = weight·(softmax·Σq − q). Zeros where the weight is 0.
/// logits, dLogits [rows, Classes], dLogits or empty; targets, weights, losses [rows]; class weights [Classes] or empty. A group takes a row.
/// </summary>
internal struct CrossEntropy : IGrouped
{
    public ArrayView<float> Logits, Weights, ClassWeights, Losses, DLogits;
    public ArrayView<int> Targets;
    public int Classes;
    public float Smoothing;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(GpuDevice.MostThreads);
        var (row, weight, target) = (Grid.IdxX * Classes, Weights[Grid.IdxX], Targets[Grid.IdxX]);
        var greatest = float.NegativeInfinity;
        for (var j = Group.IdxX; j < Classes; j += Group.DimX)
        {
            var x = Logits[row + j];
            if (x > greatest) greatest = x;
        }

        greatest = Sums.GreatestOfGroup(shared, greatest);
        float sum = 0, mass = 0;
        for (var j = Group.IdxX; j < Classes; j += Group.DimX)
        {
            sum += VectorMath.Exp(Logits[row + j] - greatest);
            mass += Q(j, target);
        }

        sum = Sums.OfGroup(shared, sum);
        mass = Sums.OfGroup(shared, mass);
        var (log, loss) = (VectorMath.Log(sum), 0f);
        for (var j = Group.IdxX; j < Classes; j += Group.DimX)
        {
            var (x, q) = (Logits[row + j] - greatest, Q(j, target));
            if (q != 0) loss += q * (log - x);
            if (DLogits.Length > 0) DLogits[row + j] = weight == 0 ? 0 : weight * ((VectorMath.Exp(x) / sum * mass) - q);
        }

        loss = Sums.OfGroup(shared, loss);
        if (Group.IdxX == 0) Losses[Grid.IdxX] = weight == 0 ? 0 : weight * loss;
    }

    private readonly float Q(int j, int target)
    {
        var q = (j == target ? 1 - Smoothing : 0) + (Smoothing / Classes);
        return ClassWeights.Length > 0 ? ClassWeights[j] * q : q;
    }
}
