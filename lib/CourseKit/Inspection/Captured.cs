using System.Collections;
using System.Reflection;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>What a lambda refers to, in its captured variables and in the fields, arrays, lists and layers that they hold: tensors, and sources of randomness.</summary>
internal sealed class Captured
{
    // Deep enough for a lambda in a lambda that holds a layer made of layers.
    private const int MostLevels = 12;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

    public Captured(Delegate computation) => Look(computation.Target, MostLevels);

    public HashSet<Tensor> Tensors { get; } = [];

    public HashSet<RandomSource> Sources { get; } = [];

    private void Look(object? at, int levels)
    {
        if (at is null || levels == 0 || !_seen.Add(at))
            return;
        switch (at)
        {
            case Tensor tensor:
                Tensors.Add(tensor);
                return;
            case RandomSource source:
                Sources.Add(source);
                return;
            case Delegate inner:
                Look(inner.Target, levels - 1);
                return;
            case string or IntTensor or Array { Length: > 0 } and (int[] or float[] or double[]):
                return;
            case IEnumerable items and ICollection:
                foreach (var item in items)
                    Look(item, levels - 1);
                return;
        }

        // What backends, the runtime and other libraries keep inside is none of the computation's tensors, but for tuples.
        var type = at.GetType();
        if (at is IBackend || (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && !type.Name.Contains("Tuple", StringComparison.Ordinal)))
            return;
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.FieldType.IsPrimitive && !field.FieldType.IsPointer)
                    Look(field.GetValue(at), levels - 1);
            }
        }
    }
}
