using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>The gate that lets the cells of the layer below into this layer's: d_t = σ(W_d·x_t + b_d + w_c∘c_{t-1} + w_b∘below_t).</summary>
/// <remarks>Yao, Cohn, Vylomova, Duh and Dyer, Depth-Gated Recurrent Neural Networks, 2015.</remarks>
/// <param name="CellBelow">The cells of the layer below, [batch, time, hiddenSize]: the Cells of its <see cref="Ops.DepthGatedLstm"/>.</param>
/// <param name="WeightIh">W_d, [hiddenSize, inputSize].</param>
/// <param name="FromCell">w_c, [hiddenSize].</param>
/// <param name="FromBelow">w_b, [hiddenSize].</param>
/// <param name="Bias">b_d, [hiddenSize], or null for none.</param>
public sealed record LstmDepthGate(Tensor CellBelow, Tensor WeightIh, Tensor FromCell, Tensor FromBelow, Tensor? Bias = null);
