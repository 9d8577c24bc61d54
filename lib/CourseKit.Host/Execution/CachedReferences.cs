using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace CourseKit.Host.Execution;

/// <summary>
/// Resolves "#r" from the notebook's folder and keeps every reference: a script otherwise opens each assembly anew for every submission, which costs megabytes a cell.
/// For one assembly there is one reference, however it comes in: named by a cell, needed by another assembly, or given to every cell. With a second one each of its types
/// would exist twice, and a cell that names a DLL late would make what earlier cells declared unusable.
/// </summary>
/// <param name="folder">The notebook's folder.</param>
/// <param name="own">What every cell refers to without saying so.</param>
internal sealed class CachedReferences(string folder, params IEnumerable<Assembly> own) : MetadataReferenceResolver
{
    private static readonly string Kit = Path.Combine(ProjectRoot.Find(), "artifacts", "kit");

    private readonly ScriptMetadataResolver _inner = ScriptMetadataResolver.Default.WithBaseDirectory(folder);
    private readonly ConcurrentDictionary<string, PortableExecutableReference> _files = [];
    private readonly ConcurrentDictionary<(string Reference, string? From), ImmutableArray<PortableExecutableReference>> _references = [];
    private readonly ConcurrentDictionary<AssemblyIdentity, PortableExecutableReference?> _missing = [];

    /// <summary>References to what every cell refers to.</summary>
    public IEnumerable<MetadataReference> Own => own.Select(assembly => OfFile(assembly.Location));

    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (_references.TryGetValue((reference, baseFilePath), out var known))
            return known;
        var found = _inner.ResolveReference(reference, baseFilePath, properties);
        if (found.IsDefaultOrEmpty && InKit(reference) is { } kept)
            found = _inner.ResolveReference(kept, baseFilePath, properties);
        // A file that is not there yet may be there when the learner runs the cell again.
        return found.IsDefaultOrEmpty ? found : _references.GetOrAdd((reference, baseFilePath), [.. found.Select(One)]);
    }

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        _missing.GetOrAdd(referenceIdentity, identity => _inner.ResolveMissingAssembly(definition, identity) is { } found ? One(found) : null);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => folder.GetHashCode(StringComparison.Ordinal);

    // ../artifacts/kit/NAME.dll, wherever the notebook lies now.
    private static string? InKit(string reference) => reference.Split('/', '\\') is [.., "artifacts", "kit", var name] ? Path.Combine(Kit, name) : null;

    // What lies beside this program is what will run, whichever copy of it a cell names.
    private PortableExecutableReference One(PortableExecutableReference found)
    {
        if (found.FilePath is not { } path || found.Properties != MetadataReferenceProperties.Assembly)
            return found;
        var beside = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(path));
        return OfFile(path != beside && File.Exists(beside) && NameOf(beside) is { } name && name == NameOf(path) ? beside : path);
    }

    private PortableExecutableReference OfFile(string path) => _files.GetOrAdd(path, file => MetadataReference.CreateFromFile(file));

    private static string? NameOf(string path)
    {
        try
        {
            return AssemblyName.GetAssemblyName(path).FullName;
        }
        catch (Exception e) when (e is BadImageFormatException or IOException)
        {
            return null;
        }
    }
}
