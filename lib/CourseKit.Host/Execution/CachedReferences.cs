using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace CourseKit.Host.Execution;

/// <summary>
/// Resolves "#r" from the notebook's folder and keeps every reference. A script otherwise opens each assembly anew for every
/// submission, which costs megabytes a cell.
/// </summary>
internal sealed class CachedReferences(string folder) : MetadataReferenceResolver
{
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
        // A file that is not there yet may be there when the learner runs the cell again.
        return found.IsDefaultOrEmpty ? found : _references.GetOrAdd((reference, baseFilePath), found);
    }

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        _missing.GetOrAdd(referenceIdentity, identity => _inner.ResolveMissingAssembly(definition, identity));

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => folder.GetHashCode(StringComparison.Ordinal);
}
