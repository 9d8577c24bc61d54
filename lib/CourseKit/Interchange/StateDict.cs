using CourseKit.Tensors;

namespace CourseKit.Interchange;

/// <summary>Parameters by name in a safetensors file, under the names of PyTorch's state_dict: what one side saves, the other loads.</summary>
/// <remarks>
/// Names, shapes and the order of gates are PyTorch's already (weight_ih_l0 [gates*hiddenSize, inputSize]; i, f, g, o and r, z, n), so nothing is turned around.
/// Known elsewhere as model.state_dict(), model.load_state_dict(strict=True).
/// </remarks>
public static class StateDict
{
    // More names than this make a message longer, not clearer.
    private const int MostNames = 5;

    /// <summary>Writes parameters to a safetensors file, whole or not at all.</summary>
    /// <param name="parameters">A model's or a layer's, or any others with names of their own.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="nameInFile">The name that a parameter has in the file; null: its own.</param>
    /// <exception cref="ArgumentException">Two parameters have one name in the file, or one is empty.</exception>
    /// <exception cref="SafetensorsException">The file cannot be written.</exception>
    public static void Save(IReadOnlyList<Parameter> parameters, string path, Func<string, string>? nameInFile = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Safetensors.Write(path, parameters.Select(parameter => KeyValuePair.Create(InFile(parameter, nameInFile), parameter.Tensor)));
    }

    /// <summary>
    /// Overwrites parameters with those of a safetensors file. The file must hold each of them in its shape, and nothing else; otherwise all stay as they are.
    /// </summary>
    /// <param name="parameters">A model's or a layer's, or any others.</param>
    /// <param name="path">The file. Its tensors may be F64, F32, F16 or BF16.</param>
    /// <param name="nameInFile">The name that a parameter has in the file, such as <c>name => name.Replace("lstm.", "rnn.")</c>; null: its own.</param>
    /// <exception cref="ArgumentException">Two parameters have one name in the file.</exception>
    /// <exception cref="SafetensorsException">
    /// The file is missing or damaged; or its names and shapes are others: the message lists those missing, unexpected, and of another shape.
    /// </exception>
    public static void Load(IReadOnlyList<Parameter> parameters, string path, Func<string, string>? nameInFile = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var wanted = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            if (!wanted.TryAdd(InFile(parameter, nameInFile), parameter.Tensor))
                throw new ArgumentException($"StateDict.Load: every parameter must have a name of its own in the file, but \"{InFile(parameter, nameInFile)}\" comes twice.");
        }

        var found = Safetensors.Read(path).Tensors;
        Require(path, wanted, found);
        foreach (var (name, tensor) in wanted)
            tensor.CopyFrom(found[name].ToArray());
    }

    private static void Require(string path, Dictionary<string, Tensor> wanted, IReadOnlyDictionary<string, Tensor> found)
    {
        string[] faults =
        [
            .. Listed("missing", wanted.Where(want => !found.ContainsKey(want.Key)).Select(want => $"{want.Key} {want.Value.Shape}")),
            .. Listed("unexpected", found.Where(got => !wanted.ContainsKey(got.Key)).Select(got => $"{got.Key} {got.Value.Shape}")),
            .. Listed("of another shape", wanted.Where(want => found.TryGetValue(want.Key, out var got) && got.Shape != want.Value.Shape)
                .Select(want => $"{want.Key} must be {want.Value.Shape}, but is {found[want.Key].Shape}")),
        ];
        if (faults.Length > 0)
            throw new SafetensorsException($"'{path}' does not hold these parameters. {string.Join(". ", faults)}. Load it into the layers that it was saved from, or give nameInFile when only the names differ.");
    }

    private static IEnumerable<string> Listed(string what, IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        if (all.Length > 0)
            yield return $"{char.ToUpperInvariant(what[0])}{what[1..]}: {string.Join(", ", all.Take(MostNames))}{(all.Length > MostNames ? $" and {all.Length - MostNames} more" : "")}";
    }

    private static string InFile(Parameter parameter, Func<string, string>? nameInFile) => nameInFile is null ? parameter.Name : nameInFile(parameter.Name);
}
