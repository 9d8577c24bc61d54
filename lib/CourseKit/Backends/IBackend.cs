namespace CourseKit.Backends;

/// <summary>
/// The operations that a device must offer. Every buffer is dense and row-major, float32 but for the reference, which keeps float64; shapes come as ints and have been checked by the caller.
/// Methods named Backward add to their gradient buffers, so that a tensor used twice collects both parts; all others overwrite.
/// Results are the same bits for any number of threads.
/// </summary>
/// <remarks>
/// B batchSize, T steps, I inputSize, H hiddenSize, V vocabularySize. Sequences are [B, T, feature].
/// Gate order: LSTM i, f, g, o; GRU r, z, n (PyTorch's), weights [gates*H, I] and [gates*H, H].
/// </remarks>
public interface IBackend
{
    /// <summary>What the backend runs on, for people: "CPU, AVX-512, 2 threads".</summary>
    string Name { get; }

    /// <summary>Gives uninitialised memory, from the pool when it has some.</summary>
    /// <param name="length">How many numbers, at least 0.</param>
    Storage Rent(int length);

    /// <summary>Takes memory back into the pool; the caller must not touch it again.</summary>
    void Return(Storage storage);

    /// <summary>Copies numbers out, starting at <paramref name="offset"/>.</summary>
    void Read(Storage from, int offset, Span<float> to);

    /// <summary>Copies numbers in, starting at <paramref name="offset"/>.</summary>
    void Write(ReadOnlySpan<float> from, Storage to, int offset);

    /// <summary>to = from, whole buffers of one length.</summary>
    void Copy(Storage from, Storage to);

    /// <summary>x = value.</summary>
    void Fill(Storage x, double value);

    // Elementwise. n numbers each.

    /// <summary>y += x.</summary>
    void AddTo(Storage x, Storage y);

    /// <summary>y += scale·x.</summary>
    void AddScaled(double scale, Storage x, Storage y);

    /// <summary>y = a + b.</summary>
    void Add(Storage a, Storage b, Storage y);

    /// <summary>y = a − b.</summary>
    void Subtract(Storage a, Storage b, Storage y);

    /// <summary>y = a·b, number by number.</summary>
    void Multiply(Storage a, Storage b, Storage y);

    /// <summary>y += a·b, number by number.</summary>
    void MultiplyAdd(Storage a, Storage b, Storage y);

    /// <summary>y = scale·x.</summary>
    void Scale(Storage x, float scale, Storage y);

    /// <summary>x = min(max(x, −limit), limit); NaN stays NaN.</summary>
    void Clip(Storage x, float limit);

    /// <summary>y = f(x) for the named function.</summary>
    void Activate(Activation function, Storage x, Storage y);

    /// <summary>dX += dY·f'(x), written by y = f(x): tanh' = 1 − y², σ' = y(1 − y), relu' = [y > 0].</summary>
    void ActivateBackward(Activation function, Storage y, Storage dY, Storage dX);

    // Sums and rows.

    /// <summary>The sum of all numbers, added in an order that the number of threads does not change.</summary>
    double Sum(Storage x);

    /// <summary>The sum of all squares of all buffers, in a fixed order; one call for many, so that a device is waited for once.</summary>
    double SumOfSquares(params ReadOnlySpan<Storage> xs);

    /// <summary>dB[column] += Σ_row dY[row, column].</summary>
    /// <param name="dY">[rows, columns].</param>
    /// <param name="dB">[columns].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    void SumRows(Storage dY, Storage dB, int rows, int columns);

    /// <summary>y[row] += scale[row]·x[row].</summary>
    /// <param name="scale">[rows].</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="y">[rows, columns].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    void AddScaledRows(Storage scale, Storage x, Storage y, int rows, int columns);

    /// <summary>Copies a block of columns: to[row, toColumn + j] = from[row, fromColumn + j] for j below count; adds instead when <paramref name="accumulate"/>.</summary>
    void CopyColumns(Storage from, int fromColumns, int fromColumn, Storage to, int toColumns, int toColumn, int rows, int count, bool accumulate);

    /// <summary>y = softmax of each row.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="y">[rows, columns].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    void Softmax(Storage x, Storage y, int rows, int columns);

    /// <summary>dX += y·(dY − Σ_j dY_j·y_j), row by row.</summary>
    void SoftmaxBackward(Storage y, Storage dY, Storage dX, int rows, int columns);

    /// <summary>y = gain·x̂ + bias with x̂ = (x − mean)/√(variance + ε) of each row, the variance being the mean of squares (Ba, Kiros and Hinton, 2016).</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="gain">[columns], or null for 1.</param>
    /// <param name="bias">[columns], or null for 0.</param>
    /// <param name="y">[rows, columns].</param>
    /// <param name="statistics">[rows, 2], each row's mean and 1/√(variance + ε) for the backward pass; or null when none follows.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns, at least 1.</param>
    /// <param name="epsilon">ε.</param>
    void LayerNorm(Storage x, Storage? gain, Storage? bias, Storage y, Storage? statistics, int rows, int columns, float epsilon);

    /// <summary>dGain += Σ_row dY·x̂; dBias += Σ_row dY; with g = gain·dY, dX += (g − mean(g) − x̂·mean(g·x̂))/√(variance + ε). Null gradients are not wanted.</summary>
    void LayerNormBackward(Storage x, Storage? gain, Storage statistics, Storage dY, Storage? dX, Storage? dGain, Storage? dBias, int rows, int columns);

    // Products.

    /// <summary>c = a·b, or c += a·b; a is transposed when <paramref name="transposeA"/>, b likewise.</summary>
    /// <param name="a">[m, k], or [k, m] when transposed.</param>
    /// <param name="b">[k, n], or [n, k] when transposed.</param>
    /// <param name="c">[m, n].</param>
    /// <param name="m">Rows of c.</param>
    /// <param name="n">Columns of c.</param>
    /// <param name="k">The shared dimension.</param>
    /// <param name="transposeA">a is stored [k, m].</param>
    /// <param name="transposeB">b is stored [n, k].</param>
    /// <param name="accumulate">Add to c.</param>
    void MatMul(Storage a, Storage b, Storage c, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate);

    /// <summary>y = x·Wᵀ + b.</summary>
    /// <param name="x">[rows, inputSize].</param>
    /// <param name="weight">[outputSize, inputSize].</param>
    /// <param name="bias">[outputSize] or null.</param>
    /// <param name="y">[rows, outputSize].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="inputSize">Columns of x.</param>
    /// <param name="outputSize">Columns of y.</param>
    void Linear(Storage x, Storage weight, Storage? bias, Storage y, int rows, int inputSize, int outputSize);

    // Attention.

    /// <summary>c_i = a_i·b_i, or c_i += a_i·b_i, for every matrix i of a batch. One of a and b may be transposed, not both.</summary>
    /// <param name="a">[batch, m, k], or [batch, k, m] when transposed.</param>
    /// <param name="b">[batch, k, n], or [batch, n, k] when transposed.</param>
    /// <param name="c">[batch, m, n].</param>
    /// <param name="batch">How many products.</param>
    /// <param name="m">Rows of each c.</param>
    /// <param name="n">Columns of each c.</param>
    /// <param name="k">The shared dimension.</param>
    /// <param name="transposeA">Each a is stored [k, m].</param>
    /// <param name="transposeB">Each b is stored [n, k].</param>
    /// <param name="accumulate">Add to c.</param>
    void BatchMatMul(Storage a, Storage b, Storage c, int batch, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate);

    /// <summary>y = softmax of each row over the steps that the mask lets take part, and exactly 0 elsewhere. <see cref="SoftmaxBackward"/> goes backward from y.</summary>
    /// <param name="x">[batch, queries, steps].</param>
    /// <param name="mask">[batch, steps] of 1 and 0; 0 takes no part.</param>
    /// <param name="y">[batch, queries, steps].</param>
    /// <param name="batch">batchSize.</param>
    /// <param name="queries">Rows that share one row of the mask.</param>
    /// <param name="steps">Source steps, at least 1.</param>
    /// <returns>−1, or the first row of the mask that is all 0; y is then not written.</returns>
    int MaskedSoftmax(Storage x, Storage mask, Storage y, int batch, int queries, int steps);

    /// <summary>score = Σ_j v_j·tanh(query_j + key_j) of every query with every key of its batch row. Bahdanau, Cho and Bengio, 2015.</summary>
    /// <param name="query">[batch, queries, size].</param>
    /// <param name="keys">[batch, steps, size].</param>
    /// <param name="v">[size].</param>
    /// <param name="scores">[batch, queries, steps].</param>
    /// <param name="batch">batchSize.</param>
    /// <param name="queries">Queries a batch row.</param>
    /// <param name="steps">Keys a batch row.</param>
    /// <param name="size">Numbers a query and a key.</param>
    void AdditiveScores(Storage query, Storage keys, Storage v, Storage scores, int batch, int queries, int steps, int size);

    /// <summary>Adds the gradients of <see cref="AdditiveScores"/> where a buffer is given.</summary>
    void AdditiveScoresBackward(Storage query, Storage keys, Storage v, Storage dScores, Storage? dQuery, Storage? dKeys, Storage? dV, int batch, int queries, int steps, int size);

    // Embedding.

    /// <summary>y[row] = weight[ids[row]].</summary>
    /// <param name="weight">[V, size].</param>
    /// <param name="ids">rows numbers in 0..V-1.</param>
    /// <param name="y">[rows, size].</param>
    /// <param name="size">Numbers a row.</param>
    void Embedding(Storage weight, ReadOnlySpan<int> ids, Storage y, int size);

    /// <summary>dWeight[ids[row]] += dY[row], rows in order.</summary>
    void EmbeddingBackward(Storage dY, ReadOnlySpan<int> ids, Storage dWeight, int size);

    // Losses: forward also leaves what backward needs.

    /// <summary>
    /// −weight·Σ_j q_j·log softmax(logits)_j of each row, q_j = w_j·((1 − ε)·[j = target] + ε/classes). Leaves weight·(softmax·Σq − q) in
    /// <paramref name="dLogits"/>, zero rows where the weight is 0.
    /// </summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="targets">Classes, the weights of rows and of classes, and ε.</param>
    /// <param name="losses">[rows], each row's loss, 0 where its weight is 0; or null when they are not wanted.</param>
    /// <param name="dLogits">[rows, classes], or null when no gradient is wanted.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="classes">Classes.</param>
    /// <returns>Σ loss.</returns>
    double CrossEntropy(Storage logits, in ClassTargets targets, Storage? losses, Storage? dLogits, int rows, int classes);

    /// <summary>Mean of max(x, 0) − x·t + log(1 + e^−|x|); leaves (σ(x) − t)/n in <paramref name="dLogits"/>.</summary>
    double BinaryCrossEntropyWithLogits(Storage logits, Storage targets, Storage? dLogits);

    /// <summary>Mean of (p − t)²; leaves 2(p − t)/n in <paramref name="dPrediction"/>.</summary>
    double MeanSquaredError(Storage prediction, Storage targets, Storage? dPrediction);

    /// <summary>
    /// −weight·log of the probability that a path through softmax(logits) gives each row's labels once its repeats are merged and its blanks taken out
    /// (connectionist temporal classification: Graves, Fernández, Gomez and Schmidhuber, 2006). Leaves weight·(softmax − how likely each class is at
    /// each time step given the labels) in <paramref name="dLogits"/>, zeros past a row's length and where the loss is infinite.
    /// </summary>
    /// <param name="logits">[B, T, V].</param>
    /// <param name="targets">Labels, lengths and weights.</param>
    /// <param name="losses">[B], each row's loss, infinite where no path gives the labels; or null when they are not wanted.</param>
    /// <param name="dLogits">[B, T, V], or null when no gradient is wanted.</param>
    /// <param name="B">batchSize.</param>
    /// <param name="T">steps.</param>
    /// <param name="V">Classes, the blank among them.</param>
    /// <returns>Σ loss.</returns>
    double Ctc(Storage logits, in CtcTargets targets, Storage? losses, Storage? dLogits, int B, int T, int V);

    // Recurrent layers: one layer, one direction, the whole sequence in one call.

    /// <summary>How many numbers <see cref="SimpleRnnForward"/> leaves for its backward pass.</summary>
    int SimpleRnnReserve(in RecurrentSequence s);

    /// <summary>h_t = f(W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh), f tanh or relu. One gate.</summary>
    /// <param name="function">Tanh or Relu.</param>
    /// <param name="s">What goes in.</param>
    /// <param name="y">[B, T, H].</param>
    /// <param name="hN">[B, H], the state after the last step taken.</param>
    /// <param name="reserve">[SimpleRnnReserve] or null when no backward pass follows.</param>
    void SimpleRnnForward(Activation function, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve);

    /// <summary>Backpropagation through time for <see cref="SimpleRnnForward"/>, with what went in and came out of it.</summary>
    void SimpleRnnBackward(Activation function, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d);

    /// <summary>How many numbers <see cref="LstmForward"/> leaves for its backward pass.</summary>
    int LstmReserve(in RecurrentSequence s);

    /// <summary>
    /// i, f, o = σ(·), g = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; c_t = f·c_{t-1} + i·g; h_t = o·tanh(c_t). Four gates, i, f, g, o. <see cref="LstmForm"/> says what
    /// may be added. Zoneout blends what the step has made: h_t = z·h_{t-1} + (1 − z)·o·tanh(c~_t), c_t = z·c_{t-1} + (1 − z)·c~_t.
    /// </summary>
    /// <param name="s">What goes in.</param>
    /// <param name="y">[B, T, H]; with a projection [B, T, P].</param>
    /// <param name="hN">[B, H], h after the last step taken; with a projection [B, P].</param>
    /// <param name="cN">[B, H], c after the last step taken.</param>
    /// <param name="reserve">
    /// [LstmReserve] or null when no backward pass follows. It begins with the activated gates, [B, T, 4H], i, f, g, o in every form, then the cells, [B, T, H].
    /// Where a step is passed over the gates are 0 and the cells are held.
    /// </param>
    void LstmForward(in RecurrentSequence s, Storage y, Storage hN, Storage cN, Storage? reserve);

    /// <summary>Backpropagation through time for <see cref="LstmForward"/>, with what went in and came out of it.</summary>
    void LstmBackward(in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d);

    /// <summary>How many numbers <see cref="GruForward"/> leaves for its backward pass.</summary>
    int GruReserve(GruForm form, in RecurrentSequence s);

    /// <summary>r, z = σ(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh, n and h_t as <paramref name="form"/> says. Three gates, r, z, n, or two, z, n or f, n.</summary>
    /// <param name="form">Where the gates stand.</param>
    /// <param name="s">What goes in.</param>
    /// <param name="y">[B, T, H].</param>
    /// <param name="hN">[B, H], the state after the last step taken.</param>
    /// <param name="reserve">
    /// [GruReserve] or null when no backward pass follows. It begins with the activated gates, [B, T, G·H].
    /// </param>
    void GruForward(GruForm form, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve);

    /// <summary>Backpropagation through time for <see cref="GruForward"/>, with what went in and came out of it.</summary>
    void GruBackward(GruForm form, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d);

    // Optimizers: one fused pass over a parameter. PyTorch's semantics.

    /// <summary>g += weightDecay·w; v = momentum·v + g (v = g on the first step); w −= rate·(nesterov ? g + momentum·v : v), and w −= rate·g when momentum is 0 (velocity may then be null).</summary>
    void SgdStep(Storage weight, Storage gradient, Storage? velocity, float rate, float momentum, bool nesterov, float weightDecay, bool first);

    /// <summary>g += weightDecay·w; s = α·s + (1 − α)·g²; with momentum v = momentum·v + g/(√s + ε), w −= rate·v; without w −= rate·g/(√s + ε).</summary>
    void RmsPropStep(Storage weight, Storage gradient, Storage square, Storage? velocity, float rate, float alpha, float epsilon, float momentum, float weightDecay);

    /// <summary>
    /// m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; w −= rate·(m/(1 − β1^step))/(√(v/(1 − β2^step)) + ε).
    /// Weight decay: added to g, or (decoupled, AdamW) w −= rate·weightDecay·w first.
    /// </summary>
    void AdamStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, bool decoupled, int step);

    /// <summary>g += weightDecay·w; s += g²; w −= rate·g/(√s + ε).</summary>
    void AdagradStep(Storage weight, Storage gradient, Storage square, float rate, float epsilon, float weightDecay);

    /// <summary>g += weightDecay·w; s = ρ·s + (1 − ρ)·g²; d = g·√(u + ε)/√(s + ε); u = ρ·u + (1 − ρ)·d²; w −= rate·d.</summary>
    void AdadeltaStep(Storage weight, Storage gradient, Storage square, Storage change, float rate, float rho, float epsilon, float weightDecay);

    /// <summary>As <see cref="AdamStep"/> with decay added to g, but for the divisor, which takes the greatest v so far: u = max(u, v); w −= rate·(m/(1 − β1^step))/(√(u/(1 − β2^step)) + ε).</summary>
    void AmsGradStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, Storage greatestSecondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, int step);
}
