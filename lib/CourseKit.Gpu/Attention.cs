using ILGPU;

namespace CourseKit.Gpu;

/// <summary>What additive attention reads: query [batch, Queries, Size], keys [batch, Steps, Size], v [Size], and in the backward pass dScores [batch, Queries, Steps].</summary>
internal struct AdditiveOperands
{
    public ArrayView<float> Query, Keys, V, DScores;
    public int Queries, Steps, Size;

    /// <summary>tanh(query + key), number j.</summary>
    public readonly float Tanh(int row, int step, int j) => VectorMath.Tanh(Query[(row * Size) + j] + Keys[(((row / Queries * Steps) + step) * Size) + j]);

    /// <summary>The gradient of query + key, number j.</summary>
    public readonly float DSum(int row, int step, int j)
    {
        var t = Tanh(row, step, j);
        return DScores[(row * Steps) + step] * V[j] * (1 - (t * t));
    }
}

/// <summary>score = Σ_j v_j·tanh(query_j + key_j), one thread a score. scores [batch, Queries, Steps].</summary>
internal struct AdditiveScores : IEach
{
    public AdditiveOperands Of;
    public ArrayView<float> Scores;

    public readonly void At(int i)
    {
        var (row, step) = (i / Of.Steps, i % Of.Steps);
        var sum = 0f;
        for (var j = 0; j < Of.Size; j++) sum += Of.V[j] * Of.Tanh(row, step, j);
        Scores[i] = sum;
    }
}

/// <summary>dQuery += Σ over the steps, one thread a number. dQuery [batch, Queries, Size].</summary>
internal struct AdditiveQuery : IEach
{
    public AdditiveOperands Of;
    public ArrayView<float> DQuery;

    public readonly void At(int i)
    {
        var (row, j) = (i / Of.Size, i % Of.Size);
        var sum = 0f;
        for (var step = 0; step < Of.Steps; step++) sum += Of.DSum(row, step, j);
        DQuery[i] += sum;
    }
}

/// <summary>dKeys += Σ over the queries of the batch row, one thread a number. dKeys [batch, Steps, Size].</summary>
internal struct AdditiveKeys : IEach
{
    public AdditiveOperands Of;
    public ArrayView<float> DKeys;

    public readonly void At(int i)
    {
        var (key, j) = (i / Of.Size, i % Of.Size);
        var (batch, step) = (key / Of.Steps, key % Of.Steps);
        var sum = 0f;
        for (var query = 0; query < Of.Queries; query++) sum += Of.DSum((batch * Of.Queries) + query, step, j);
        DKeys[i] += sum;
    }
}

/// <summary>dScore·tanh(query + key), whose sums over all scores are v's gradient. A row is a score.</summary>
internal struct AdditiveTerm : ITerm
{
    public AdditiveOperands Of;

    public readonly float At(int row, int column) => Of.DScores[row] * Of.Tanh(row / Of.Steps, row % Of.Steps, column);
}
