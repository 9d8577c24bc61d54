using System.Reflection;
using System.Reflection.Emit;

namespace CourseKit.Tests.Architecture;

/// <summary>Every type that a type mentions: in its signatures, its attributes, and in the IL of its methods.</summary>
internal sealed class UsedTypes
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => unchecked((ushort)code.Value));

    private readonly HashSet<Type> found = [];

    /// <summary>The types that one mentions, itself among them perhaps; generic types come as their definition.</summary>
    public static IReadOnlyCollection<Type> Of(Type type)
    {
        var used = new UsedTypes();
        used.AddDeclaration(type);
        foreach (var member in type.GetMembers(Everything))
            used.AddMember(member);
        return used.found;
    }

    /// <summary>The methods and constructors that one calls, by its IL.</summary>
    public static IEnumerable<MethodBase> CallsOf(MethodBase method) =>
        Tokens(method.GetMethodBody()!.GetILAsByteArray()!).Select(token => method.Module.ResolveMember(token, method.DeclaringType!.GetGenericArguments(), null)).OfType<MethodBase>();

    private void AddDeclaration(Type type)
    {
        Add(type.BaseType);
        foreach (var part in type.GetInterfaces())
            Add(part);
        AddAttributes(type);
        AddConstraints(type.GetGenericArguments());
    }

    private void AddMember(MemberInfo member)
    {
        AddAttributes(member);
        switch (member)
        {
            case FieldInfo field:
                Add(field.FieldType);
                break;
            case PropertyInfo property:
                Add(property.PropertyType);
                break;
            case EventInfo happening:
                Add(happening.EventHandlerType);
                break;
            case MethodBase method:
                AddSignature(method);
                AddBody(method);
                break;
        }
    }

    private void AddSignature(MethodBase method)
    {
        foreach (var parameter in method.GetParameters())
            Add(parameter.ParameterType);
        if (method is MethodInfo info)
        {
            Add(info.ReturnType);
            AddConstraints(info.GetGenericArguments());
        }
    }

    private void AddConstraints(Type[] arguments)
    {
        foreach (var argument in arguments)
        {
            if (!argument.IsGenericParameter)
                Add(argument);
            else
                foreach (var constraint in argument.GetGenericParameterConstraints())
                    Add(constraint);
        }
    }

    private void AddBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (var local in body.LocalVariables)
            Add(local.LocalType);
        foreach (var clause in body.ExceptionHandlingClauses)
            Add(clause.Flags == ExceptionHandlingClauseOptions.Clause ? clause.CatchType : null);
        foreach (var token in Tokens(body.GetILAsByteArray()!))
            AddToken(method, token);
    }

    // The tokens of the instructions that name a type, a field or a method.
    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            ushort value = il[at++];
            if (value == 0xFE)
                value = (ushort)(0xFE00 | il[at++]);
            var code = Codes[value];
            if (code.OperandType is OperandType.InlineType or OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok)
                yield return BitConverter.ToInt32(il, at);
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }

    private void AddToken(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        switch (method.Module.ResolveMember(token, ofType, ofMethod))
        {
            case Type named:
                Add(named);
                break;
            case FieldInfo field:
                Add(field.DeclaringType);
                Add(field.FieldType);
                break;
            case MethodBase called:
                Add(called.DeclaringType);
                AddSignature(called);
                break;
        }
    }

    private void AddAttributes(MemberInfo member)
    {
        foreach (var attribute in member.GetCustomAttributesData())
            Add(attribute.AttributeType);
    }

    private void Add(Type? type)
    {
        while (type is { HasElementType: true })
            type = type.GetElementType();
        if (type is null or { IsGenericParameter: true })
            return;
        if (type.IsGenericType)
        {
            foreach (var argument in type.GetGenericArguments())
                Add(argument);
            type = type.GetGenericTypeDefinition();
        }
        found.Add(type);
    }
}
