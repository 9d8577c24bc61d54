using System.Collections;
using System.Reflection;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>The tensors that a lambda refers to: its captured variables, and the fields, arrays, lists and layers that they hold.</summary>
internal static class CapturedTensors
{
    // Deep enough for a lambda in a lambda that holds a layer made of layers.
    private const int MostLevels = 12;

    public static IReadOnlyCollection<Tensor> Of(Delegate computation)
    {
        var (found, seen) = (new HashSet<Tensor>(), new HashSet<object>(ReferenceEqualityComparer.Instance));
        Look(computation.Target, found, seen, MostLevels);
        return found;
    }

    private static void Look(object? at, HashSet<Tensor> found, HashSet<object> seen, int levels)
    {
        if (at is null || levels == 0 || !seen.Add(at))
            return;
        switch (at)
        {
            case Tensor tensor:
                found.Add(tensor);
                return;
            case Delegate inner:
                Look(inner.Target, found, seen, levels - 1);
                return;
            case string or IntTensor or Array { Length: > 0 } and (int[] or float[] or double[]):
                return;
            case IEnumerable items and ICollection:
                foreach (var item in items)
                    Look(item, found, seen, levels - 1);
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
                    Look(field.GetValue(at), found, seen, levels - 1);
            }
        }
    }
}
