using System.Globalization;
using System.Reflection;

namespace CourseKit.Tests.Architecture;

/// <summary>What an assembly offers to others, one line a member, sorted.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler writes into every record.
    private static readonly HashSet<string> Generated = ["<Clone>$", "Deconstruct", "Equals", "GetHashCode", "PrintMembers", "ToString", "op_Equality", "op_Inequality", "EqualityContract"];

    public static string[] ListingOf(Assembly assembly) =>
        [.. assembly.GetExportedTypes().Where(type => !type.FullName!.Contains('<', StringComparison.Ordinal)).SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        var name = $"{type.Namespace}.{NameOf(type)}";
        yield return $"{name}: {KindOf(type)}{Bases(type)}";
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetNames(type))
                yield return $"{name}.{value} = {Convert.ToInt64(Enum.Parse(type, value), CultureInfo.InvariantCulture)}";
            yield break;
        }

        var isRecord = type.GetMethod("<Clone>$", Declared) is not null || type.GetMethod("PrintMembers", Declared) is not null;
        foreach (var member in type.GetMembers(Declared))
        {
            if (!(isRecord && Generated.Contains(member.Name)) && Line(member) is { } line)
                yield return $"{name}{line}";
        }
    }

    private static string? Line(MemberInfo member) => member switch
    {
        FieldInfo field when IsOffered(field.Attributes.HasFlag(FieldAttributes.Public) && (field.Attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Public, field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName =>
            $".{field.Name}: {(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{NameOf(field.FieldType)}",
        ConstructorInfo constructor when IsOffered(constructor.IsPublic, constructor.IsFamily || constructor.IsFamilyOrAssembly) && !constructor.IsStatic =>
            $"({Parameters(constructor)})",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsOfferedMethod) => PropertyLine(property),
        MethodInfo method when IsOfferedMethod(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !method.Name.Contains('<', StringComparison.Ordinal) =>
            $".{method.Name}{Generics(method)}({Parameters(method)}): {(method.IsStatic ? "static " : "")}{NameOf(method.ReturnType)}",
        EventInfo happening when IsOfferedMethod(happening.AddMethod!) => $".{happening.Name}: event {NameOf(happening.EventHandlerType!)}",
        _ => null,
    };

    private static string PropertyLine(PropertyInfo property)
    {
        var (get, set) = (property.GetMethod, property.SetMethod);
        var isInit = set?.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") == true;
        var indices = property.GetIndexParameters() is { Length: > 0 } list ? $"[{string.Join(", ", list.Select(Parameter))}]" : "";
        var isStatic = (get ?? set)!.IsStatic ? "static " : "";
        return $".{property.Name}{indices}: {isStatic}{NameOf(property.PropertyType)} {{{(get is not null && IsOfferedMethod(get) ? " get;" : "")}{(set is not null && IsOfferedMethod(set) ? isInit ? " init;" : " set;" : "")} }}";
    }

    private static bool IsOfferedMethod(MethodBase method) => IsOffered(method.IsPublic, method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsOffered(bool isPublic, bool isProtected) => isPublic || isProtected;

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        var bases = new[] { type.BaseType }.OfType<Type>().Where(basis => basis != typeof(object) && basis != typeof(ValueType) && basis != typeof(Enum)).Select(NameOf);
        return string.Concat(bases.Select(basis => $" of {basis}"));
    }

    private static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter) =>
        $"{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : "")}";

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string NameOf(Type type)
    {
        if (type.IsArray)
            return $"{NameOf(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.HasElementType)
            return NameOf(type.GetElementType()!) + (type.IsByRef ? "&" : "*");
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return NameOf(underlying) + "?";
        var outer = type is { IsNested: true, IsGenericParameter: false } ? NameOf(type.DeclaringType!) + "." : "";
        return outer + (type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : type.Name);
    }
}
