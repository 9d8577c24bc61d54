namespace CourseKit.Notebooks;

/// <summary>Types as they stand in C#.</summary>
internal static class TypeName
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(string)] = "string",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    /// <summary>A type: "double[]", "(int, string)", "Matrix&lt;double&gt;".</summary>
    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Of(value) + "?";
        if (!type.IsGenericType)
            return type.Name;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(Of));
        return type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) ? $"({arguments})" : $"{type.Name[..type.Name.IndexOf('`')]}<{arguments}>";
    }

    /// <summary>A function: "double[] Next(double[] x, int steps)".</summary>
    public static string OfFunction(Delegate function)
    {
        var method = function.Method;
        // Local functions and lambdas carry the compiler's names: "<<Initialize>>g__Next|0_1".
        var name = method.Name.Contains("g__", StringComparison.Ordinal) ? method.Name[(method.Name.IndexOf("g__", StringComparison.Ordinal) + 3)..].Split('|')[0]
            : method.Name.Contains('<', StringComparison.Ordinal) ? "" : method.Name;
        return $"{Of(method.ReturnType)} {name}({string.Join(", ", method.GetParameters().Select(parameter => $"{Of(parameter.ParameterType)} {parameter.Name}"))})";
    }
}
