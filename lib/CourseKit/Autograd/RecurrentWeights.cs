using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>The weights of one recurrent layer in one direction, in PyTorch's layout. Gates are stacked: LSTM i, f, g, o; GRU r, z, n; a simple RNN has one.</summary>
/// <param name="WeightIh">[gates*hiddenSize, inputSize], from the input. Keras: the kernel, transposed.</param>
/// <param name="WeightHh">[gates*hiddenSize, hiddenSize], from the state before. Keras: the recurrent_kernel, transposed.</param>
/// <param name="BiasIh">[gates*hiddenSize], or null for none.</param>
/// <param name="BiasHh">[gates*hiddenSize], or null for none.</param>
public readonly record struct RecurrentWeights(Tensor WeightIh, Tensor WeightHh, Tensor? BiasIh = null, Tensor? BiasHh = null);
