namespace CourseKit.Interchange;

/// <summary>A graph of ONNX in the making: nodes in order, constants, inputs and outputs. Every value has a name.</summary>
/// <remarks>Messages and field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.</remarks>
internal sealed class OnnxGraph
{
    /// <summary>The version of the operators: the first in which all that are used here have the form used here.</summary>
    private const int OperatorSet = 17;

    // The version of the file format that came with that operator set.
    private const int FormatVersion = 8;

    private const int Float32 = 1, Int64 = 7;

    private readonly Protobuf _graph = new Protobuf().Text(2, "model");
    private readonly HashSet<string> _constants = [];
    private int _count;

    /// <summary>Adds a node with one result.</summary>
    /// <returns>The result's name.</returns>
    public string Node(string kind, IReadOnlyList<string> inputs, params (string Name, object Value)[] attributes)
    {
        var result = $"{kind.ToLowerInvariant()}_{_count}";
        Node(kind, inputs, [result], attributes);
        return result;
    }

    /// <summary>Adds a node. An input or output of no name is left out.</summary>
    public void Node(string kind, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, params (string Name, object Value)[] attributes)
    {
        var node = new Protobuf();
        foreach (var input in inputs)
            node.Text(1, input);
        foreach (var output in outputs)
            node.Text(2, output);
        node.Text(3, $"{kind}_{_count++}").Text(4, kind);
        foreach (var (name, value) in attributes)
            node.Message(5, Attribute(name, value));
        _graph.Message(1, node);
    }

    /// <summary>A constant of float32 numbers.</summary>
    public string Constant(string name, ReadOnlySpan<float> numbers, params ReadOnlySpan<int> shape) => Add(name, Float32, numbers, shape);

    /// <summary>A constant list of whole numbers, once for all nodes that need it.</summary>
    public string Integers(params ReadOnlySpan<long> numbers)
    {
        var name = $"integers_{string.Join('_', numbers.ToArray()).Replace('-', 'm')}";
        return _constants.Contains(name) ? name : Add(name, Int64, numbers, numbers.Length);
    }

    /// <summary>An input; a dimension is a size or, where it may differ from call to call, a name.</summary>
    public string Input(string name, bool ids, params ReadOnlySpan<object> dimensions)
    {
        _graph.Message(11, Value(name, ids ? Int64 : Float32, dimensions));
        return name;
    }

    /// <summary>Makes a value an output of the graph, under a name.</summary>
    public void Output(string name, string value, params ReadOnlySpan<object> dimensions)
    {
        Node("Identity", [value], [name]);
        _graph.Message(12, Value(name, Float32, dimensions));
    }

    /// <summary>The file: the graph with the versions that it speaks.</summary>
    public ReadOnlySpan<byte> ToBytes() =>
        new Protobuf().Integer(1, FormatVersion).Text(2, "CourseKit").Message(7, _graph).Message(8, new Protobuf().Integer(2, OperatorSet)).Bytes;

    private string Add<T>(string name, int type, ReadOnlySpan<T> numbers, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        var tensor = new Protobuf();
        foreach (var size in shape)
            tensor.Integer(1, size);
        _constants.Add(name);
        _graph.Message(5, tensor.Integer(2, type).Text(8, name).Raw(9, numbers));
        return name;
    }

    private static Protobuf Value(string name, int type, ReadOnlySpan<object> dimensions)
    {
        var shape = new Protobuf();
        foreach (var dimension in dimensions)
            shape.Message(1, dimension is int size ? new Protobuf().Integer(1, size) : new Protobuf().Text(2, (string)dimension));
        return new Protobuf().Text(1, name).Message(2, new Protobuf().Message(1, new Protobuf().Integer(1, type).Message(2, shape)));
    }

    private static Protobuf Attribute(string name, object value)
    {
        const int AsFloat = 1, AsInteger = 2, AsText = 3, AsIntegers = 7, AsTexts = 8;
        var attribute = new Protobuf().Text(1, name);
        switch (value)
        {
            case float number:
                return attribute.Float(2, number).Integer(20, AsFloat);
            case int number:
                return attribute.Integer(3, number).Integer(20, AsInteger);
            case string text:
                return attribute.Text(4, text).Integer(20, AsText);
            case int[] numbers:
                foreach (var number in numbers)
                    attribute.Integer(8, number);
                return attribute.Integer(20, AsIntegers);
            default:
                foreach (var text in (string[])value)
                    attribute.Text(9, text);
                return attribute.Integer(20, AsTexts);
        }
    }
}
