using System.Reflection;
using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Tests.Architecture;

/// <summary>Every operation says which argument is null, before it looks at any shape.</summary>
public class NullArgumentTests
{
    public static TheoryData<string, string> Parameters()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (method, parameter) in All())
            cases.Add(method.ToString()!, parameter.Name!);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Ops_NullArgument_ThrowsWithItsName(string signature, string name)
    {
        var (method, parameter) = All().Single(pair => pair.Method.ToString() == signature && pair.Parameter.Name == name);
        var arguments = method.GetParameters().Select(p => p == parameter ? null : p.HasDefaultValue ? p.DefaultValue : Some(p.ParameterType)).ToArray();
        var error = Assert.Throws<TargetInvocationException>(() => method.Invoke(null, arguments)).InnerException;
        Assert.Equal(name, Assert.IsType<ArgumentNullException>(error).ParamName);
    }

    private static IEnumerable<(MethodInfo Method, ParameterInfo Parameter)> All()
    {
        var nullability = new NullabilityInfoContext();
        return from method in typeof(Ops).GetMethods(BindingFlags.Public | BindingFlags.Static)
               from parameter in method.GetParameters()
               where !parameter.ParameterType.IsValueType && nullability.Create(parameter).WriteState == NullabilityState.NotNull
               select (method, parameter);
    }

    private static object? Some(Type type) => type switch
    {
        _ when type == typeof(Tensor) => Tensor.Zeros(1, 1),
        _ when type == typeof(Tensor[]) => new[] { Tensor.Zeros(1, 1) },
        _ when type == typeof(IntTensor) => IntTensor.From([0]),
        _ when type == typeof(RandomSource) => new RandomSource(1),
        _ when type == typeof(Shape) => new Shape(1),
        _ when type == typeof(RecurrentWeights) => new RecurrentWeights(Tensor.Zeros(1, 1), Tensor.Zeros(1, 1)),
        _ when type.IsArray => Array.CreateInstance(type.GetElementType()!, 1),
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };
}
