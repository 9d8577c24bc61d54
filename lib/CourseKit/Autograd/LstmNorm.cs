using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>Layer normalisation inside an LSTM: a = LN(W_ih·x_t) + b_ih + LN(W_hh·h_{t-1}) + b_hh over all gates at once, and h_t = o∘tanh(LN(c_t)).</summary>
/// <remarks>LN(v) = gain∘(v − mean(v))/√(variance(v) + 1e-5); the biases of the LSTM's weights shift the first two. Ba, Kiros and Hinton, Layer Normalization, 2016, equations 20 to 22.</remarks>
/// <param name="GainIh">[gates*hiddenSize], of W_ih·x_t; 1 to begin with.</param>
/// <param name="GainHh">[gates*hiddenSize], of W_hh·h_{t-1}.</param>
/// <param name="GainCell">[hiddenSize], of c_t.</param>
/// <param name="BiasCell">[hiddenSize], the shift of c_t's; 0 to begin with.</param>
public sealed record LstmNorm(Tensor GainIh, Tensor GainHh, Tensor GainCell, Tensor BiasCell);
