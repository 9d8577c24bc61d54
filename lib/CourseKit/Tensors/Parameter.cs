namespace CourseKit.Tensors;

/// <summary>A tensor that training changes, under the name that PyTorch gives it: weight_ih_l0.</summary>
/// <param name="Name">The name, unique in its layer; in a model the layer's name and a dot stand before it.</param>
/// <param name="Tensor">The numbers; they last, and require a gradient.</param>
public sealed record Parameter(string Name, Tensor Tensor);
