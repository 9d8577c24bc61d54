using System.Net;
using System.Reflection;
using CourseKit.Layers;
using CourseKit.Notebooks;
using CourseKit.Tensors;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Interactive;

/// <summary>
/// The display of the kit's types that bring none: .NET Interactive would unfold all their properties, read a stream of batches to its end for that, and offer no text.
/// Layers show their parameters; whatever else says in ToString what it is, shows that.
/// </summary>
internal static class KitTypes
{
    /// <summary>Registers what is shown; registering again changes nothing.</summary>
    public static void Register()
    {
        foreach (var type in Types())
            Show(type, value => value.ToString()!, value => $"<div>{WebUtility.HtmlEncode(value.ToString())}</div>\n");
        Show(typeof(Layer), value => Describe((Layer)value, PlainTextFormatter.MimeType), value => Describe((Layer)value, HtmlFormatter.MimeType));
        // The kit shows them both ways; of types without an attribute .NET Interactive asks for HTML alone.
        foreach (var type in new[] { typeof(Matrix<double>), typeof(Vector<double>) })
            Formatter.SetPreferredMimeTypesFor(type, HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
    }

    /// <summary>The library's public types that have their own ToString and no display: no records, whose members are worth seeing, and no layers, which have more to show.</summary>
    internal static IEnumerable<Type> Types() =>
        from type in typeof(Tensor).Assembly.GetExportedTypes()
        where !type.IsInterface && !type.IsEnum && !type.ContainsGenericParameters && !typeof(Layer).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type)
        where type.GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType!.Assembly == typeof(Tensor).Assembly
        where type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is null
        where !type.GetCustomAttributes(inherit: true).Any(attribute => attribute.GetType().Name == "TypeFormatterSourceAttribute")
        select type;

    private static void Show(Type type, Func<object, string> text, Func<object, string> html)
    {
        Formatter.Register(type, (value, writer) => writer.Write(html(value)), HtmlFormatter.MimeType);
        Formatter.Register(type, (value, writer) => writer.Write(text(value)), PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(type, HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
    }

    private static string Describe(Layer layer, string mimeType)
    {
        if (layer.Parameters.Count == 0)
            return mimeType == HtmlFormatter.MimeType ? $"<div>{WebUtility.HtmlEncode(layer.ToString())}</div>\n" : layer.ToString();
        var table = new Table(layer.ToString(), "shape", "numbers");
        foreach (var parameter in layer.Parameters)
            table.Row(parameter.Name, parameter.Tensor.Shape.ToString(), parameter.Tensor.Length);
        return table.ToDisplayString(mimeType);
    }
}
