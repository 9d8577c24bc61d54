using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace CourseKit.Host.Execution;

/// <summary>
/// Resolves "#r" from the notebook's folder and keeps every reference. A script otherwise opens each assembly anew for every
/// submission, which costs megabytes a cell. The kit is also found for a notebook that was copied out of the course's folder.
/// </summary>
internal sealed class CachedReferences(string folder) : MetadataReferenceResolver
{
    private static readonly string Kit = Path.Combine(ProjectRoot.Find(), "artifacts", "kit");

    private readonly ScriptMetadataResolver _inner = ScriptMetadataResolver.Default.WithBaseDirectory(folder);
    private readonly ConcurrentDictionary<(string Reference, string? From), ImmutableArray<PortableExecutableReference>> _references = [];
    private readonly ConcurrentDictionary<AssemblyIdentity, PortableExecutableReference?> _missing = [];

    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (_references.TryGetValue((reference, baseFilePath), out var known))
            return known;
        var found = _inner.ResolveReference(reference, baseFilePath, properties);
        if (found.IsDefaultOrEmpty && InKit(reference) is { } own)
            found = _inner.ResolveReference(own, baseFilePath, properties);
        // A file that is not there yet may be there when the learner runs the cell again.
        return found.IsDefaultOrEmpty ? found : _references.GetOrAdd((reference, baseFilePath), found);
    }

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        _missing.GetOrAdd(referenceIdentity, identity => _inner.ResolveMissingAssembly(definition, identity));

    // ../artifacts/kit/NAME.dll, wherever the notebook lies now.
    private static string? InKit(string reference) => reference.Split('/', '\\') is [.., "artifacts", "kit", var name] ? Path.Combine(Kit, name) : null;

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => folder.GetHashCode(StringComparison.Ordinal);
}
