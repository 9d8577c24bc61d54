using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Linq;
using System.Xml.XPath;
using Microsoft.CodeAnalysis;

namespace CourseKit.Host.Language;

/// <summary>
/// The XML documentation of a type or member: from the file beside its DLL, and for .NET's own from the SDK's reference packs. "inheritdoc" is filled in.
/// </summary>
internal sealed class XmlDocumentation
{
    private const int MostLevels = 8;

    private readonly Dictionary<string, Dictionary<string, XElement>> _files = [];
    private readonly Dictionary<string, XElement?> _found = [];
    private string[]? _packs;

    /// <summary>The member element; null when nothing is written.</summary>
    /// <param name="symbol">A type or member.</param>
    /// <param name="compilation">Where it is known.</param>
    public XElement? Of(ISymbol symbol, Compilation compilation) => Of(symbol, compilation, MostLevels);

    private XElement? Of(ISymbol symbol, Compilation compilation, int levels)
    {
        var definition = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension.OriginalDefinition : symbol.OriginalDefinition;
        if (definition.GetDocumentationCommentId() is not { } id || definition.ContainingAssembly is not { } assembly)
            return null;
        if (!_found.TryGetValue(id, out var member))
        {
            member = Read(id, assembly, compilation);
            // What the compiler wrote for a record's members says nothing.
            _found[id] = member = member is null ? null : Inherited(new XElement(member), definition, compilation, levels);
        }
        return member;
    }

    private XElement? Read(string id, IAssemblySymbol assembly, Compilation compilation)
    {
        var dll = (compilation.GetMetadataReference(assembly) as PortableExecutableReference)?.FilePath;
        if (dll is null)
            return null;
        var own = Path.ChangeExtension(dll, ".xml");
        return File.Exists(own) ? In(own).GetValueOrDefault(id) : Packs().Select(file => Search(file, id)).FirstOrDefault(member => member is not null);
    }

    private Dictionary<string, XElement> In(string file)
    {
        if (_files.TryGetValue(file, out var members))
            return members;
        try
        {
            members = XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member")
                .Where(member => member.Attribute("name") is not null).DistinctBy(member => member.Attribute("name")!.Value)
                .ToDictionary(member => member.Attribute("name")!.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException)
        {
            members = [];
        }
        return _files[file] = members;
    }

    // .NET's files are large and one member is wanted: read past the others.
    private static XElement? Search(string file, string id)
    {
        try
        {
            using var reader = XmlReader.Create(file, new XmlReaderSettings { IgnoreComments = true });
            while (reader.ReadToFollowing("member"))
            {
                if (reader.GetAttribute("name") == id)
                    return (XElement)XNode.ReadFrom(reader);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException)
        {
            // As if it were not there.
        }
        return null;
    }

    // The largest first: it holds what people ask for most.
    private string[] Packs()
    {
        if (_packs is not null)
            return _packs;
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        var newest = !Directory.Exists(root) ? null : Directory.EnumerateDirectories(root)
            .Where(folder => Version.TryParse(Path.GetFileName(folder), out _)).MaxBy(folder => Version.Parse(Path.GetFileName(folder)));
        return _packs = newest is null ? [] : [.. Directory.EnumerateFiles(newest, "*.xml", SearchOption.AllDirectories).OrderByDescending(file => new FileInfo(file).Length)];
    }

    private XElement Inherited(XElement member, ISymbol symbol, Compilation compilation, int levels)
    {
        foreach (var inherit in member.Descendants("inheritdoc").ToList())
        {
            var from = inherit.Attribute("cref") is { } cref ? DocumentationCommentId.GetFirstSymbolForDeclarationId(cref.Value, compilation) : Base(symbol);
            var source = from is null || levels == 0 ? null : Of(from, compilation, levels - 1);
            var path = inherit.Attribute("path")?.Value.TrimStart('/') ?? "node()";
            inherit.ReplaceWith(source is null ? null : Selected(source, path).Select(node => node is XElement element ? (XNode)new XElement(element) : node is XText text ? new XText(text) : null));
        }
        return member;
    }

    private static IEnumerable<XNode> Selected(XElement source, string path)
    {
        try
        {
            return [.. ((IEnumerable<object>)source.XPathEvaluate(path)).OfType<XNode>()];
        }
        catch (XPathException)
        {
            return [];
        }
    }

    private static ISymbol? Base(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } overridden } => overridden,
        IPropertySymbol { OverriddenProperty: { } overridden } => overridden,
        INamedTypeSymbol type => type.BaseType is { SpecialType: SpecialType.None } parent ? parent : type.Interfaces.FirstOrDefault(),
        _ => symbol.ContainingType?.AllInterfaces.SelectMany(type => type.GetMembers(symbol.Name))
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)),
    };
}
