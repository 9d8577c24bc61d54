using System.Reflection;

namespace CourseKit.Notebooks;

/// <summary>
/// Shows pictures that change in .NET Interactive, by the names of its types, so that no package of it is needed: DisplayedValueProduced, then DisplayedValueUpdated
/// under the same id. Its own display(x).Update(y) replaces nothing in its last versions.
/// </summary>
internal sealed class InteractiveFrontEnd : IFrontEnd
{
    private const string Library = "Microsoft.DotNet.Interactive", Formatting = "Microsoft.DotNet.Interactive.Formatting";

    private static readonly Lazy<InteractiveFrontEnd?> Found = new(Bind);

    private readonly PropertyInfo _current, _command;
    private readonly MethodInfo _publish;
    private readonly ConstructorInfo _formatted, _produced, _updated;
    private readonly HashSet<string> _shown = [];

    private InteractiveFrontEnd(Type context, Type @event, Type command, Type formatted, Type produced, Type updated)
    {
        var list = typeof(IReadOnlyCollection<>).MakeGenericType(formatted);
        _current = context.GetProperty("Current") ?? throw new MissingMemberException();
        _command = context.GetProperty("Command") ?? throw new MissingMemberException();
        _publish = context.GetMethod("Publish", [@event]) ?? throw new MissingMemberException();
        _formatted = formatted.GetConstructors().First(constructor => constructor.GetParameters() is [{ Name: "mimeType" }, { Name: "value" }, ..]);
        _produced = produced.GetConstructor([typeof(object), command, list, typeof(string)]) ?? throw new MissingMemberException();
        _updated = updated.GetConstructor([typeof(object), typeof(string), command, list]) ?? throw new MissingMemberException();
    }

    /// <summary>The front end of this process; null where a notebook does not run in .NET Interactive, or in a version that is not known.</summary>
    public static InteractiveFrontEnd? Find() => Found.Value;

    public void Show(string id, string html, string text)
    {
        // Outside a running cell there is no place to show anything.
        if (_current.GetValue(null) is not { } context)
            return;
        var command = _command.GetValue(context);
        var values = Array.CreateInstance(_formatted.DeclaringType!, 2);
        values.SetValue(Formatted("text/html", html), 0);
        values.SetValue(Formatted("text/plain", text), 1);
        _publish.Invoke(context, [_shown.Add(id) ? _produced.Invoke([text, command, values, id]) : _updated.Invoke([text, id, command, values])]);
    }

    private object Formatted(string mimeType, string value) =>
        _formatted.Invoke([mimeType, value, .. _formatted.GetParameters().Skip(2).Select(parameter => parameter.DefaultValue)]);

    private static InteractiveFrontEnd? Bind()
    {
        // Only where it is loaded already: this library never loads it.
        var assemblies = AppDomain.CurrentDomain.GetAssemblies().ToLookup(assembly => assembly.GetName().Name);
        try
        {
            return assemblies[Library].FirstOrDefault() is not { } library || assemblies[Formatting].FirstOrDefault() is not { } formatting
                ? null
                : new(Type(library, "KernelInvocationContext"), Type(library, "Events.KernelEvent"), Type(library, "Commands.KernelCommand"),
                    formatting.GetType($"{Formatting}.FormattedValue", throwOnError: true)!, Type(library, "Events.DisplayedValueProduced"), Type(library, "Events.DisplayedValueUpdated"));
        }
        catch (Exception e) when (e is TypeLoadException or MissingMemberException or InvalidOperationException)
        {
            return null;
        }

        static Type Type(Assembly library, string name) => library.GetType($"{Library}.{name}", throwOnError: true)!;
    }
}
