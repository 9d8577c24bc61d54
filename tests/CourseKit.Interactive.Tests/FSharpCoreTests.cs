using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using CourseKit.Host.Tests.Jupyter;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Interactive.Tests;

/// <summary>The assemblies beside the extension were built against a newer FSharp.Core than the kernel's, and run on the kernel's: it has all that they use.</summary>
public class FSharpCoreTests
{
    private static readonly string Folder = Path.Combine(CourseFiles.Root, "artifacts", "interactive");

    /// <summary>The version of the kernel's own.</summary>
    public static Version KernelsVersion => Read(KernelsFile(), reader => reader.GetAssemblyDefinition().Version);

    [InteractiveFact]
    public void Kernels_HasEveryMemberThatIsUsed()
    {
        var offered = Read(KernelsFile(), Offered);
        var used = Directory.EnumerateFiles(Folder, "*.dll").Where(file => Path.GetFileName(file) != "FSharp.Core.dll").SelectMany(file => Read(file, Used)).Distinct().ToList();
        Assert.InRange(used.Count, 100, 5000);
        Assert.Empty(used.Except(offered));
    }

    [Fact]
    public void Folder_HoldsOnlyWhatTheKernelLacks()
    {
        string[] expected =
        [
            "CourseKit.Interactive.dll", "CourseKit.Interactive.pdb", "CourseKit.Interactive.xml", "DynamicObj.dll", "FSharp.Core.dll", "Fable.Core.dll",
            "Giraffe.ViewEngine.dll", "Plotly.NET.Interactive.dll", "Plotly.NET.dll",
        ];
        Assert.Equal(expected.Order(), Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void KitsFolder_HoldsNothingOfTheExtension()
    {
        var kit = Directory.EnumerateFiles(Path.Combine(CourseFiles.Root, "artifacts", "kit")).Select(file => Path.GetFileName(file)!).ToList();
        Assert.Contains("CourseKit.Notebooks.dll", kit);
        Assert.DoesNotContain(kit, name => name.Contains("Interactive", StringComparison.Ordinal) || name.StartsWith("FSharp", StringComparison.Ordinal) || name.StartsWith("Plotly", StringComparison.Ordinal));
    }

    // The tool is a small program beside the folder that holds all of it.
    private static string KernelsFile() =>
        Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(DotnetInteractive.Program!)!, ".store"), "FSharp.Core.dll", SearchOption.AllDirectories)
            .First(file => file.Contains("dotnet-interactive", StringComparison.Ordinal) && File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "Microsoft.DotNet.Interactive.dll")));

    private static T Read<T>(string file, Func<MetadataReader, T> read)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        return read(image.GetMetadataReader());
    }

    private static HashSet<string> Offered(MetadataReader reader)
    {
        var names = new HashSet<string>();
        foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
        {
            var name = NameOf(reader, type);
            names.Add(name);
            foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition))
                names.Add($"{name}.{reader.GetString(method.Name)}/{ParameterCount(reader, method.Signature)}");
            foreach (var field in type.GetFields().Select(reader.GetFieldDefinition))
                names.Add($"{name}.{reader.GetString(field.Name)}");
        }
        return names;
    }

    private static List<string> Used(MetadataReader reader)
    {
        var names = reader.TypeReferences.Where(type => IsFSharpCore(reader, type)).Select(type => NameOf(reader, type)).ToList();
        foreach (var member in reader.MemberReferences.Select(reader.GetMemberReference))
        {
            if (TypeOf(reader, member.Parent) is not { } type || !IsFSharpCore(reader, type))
                continue;
            var name = $"{NameOf(reader, type)}.{reader.GetString(member.Name)}";
            names.Add(member.GetKind() == MemberReferenceKind.Method ? $"{name}/{ParameterCount(reader, member.Signature)}" : name);
        }
        return names;
    }

    // The type that declares a member, also of a generic type's instance.
    private static TypeReferenceHandle? TypeOf(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference)
            return (TypeReferenceHandle)parent;
        if (parent.Kind != HandleKind.TypeSpecification)
            return null;
        var signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;
        signature.ReadCompressedInteger();
        var handle = signature.ReadTypeHandle();
        return handle.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)handle : null;
    }

    private static bool IsFSharpCore(MetadataReader reader, TypeReferenceHandle handle) => reader.GetTypeReference(handle).ResolutionScope switch
    {
        { Kind: HandleKind.TypeReference } outer => IsFSharpCore(reader, (TypeReferenceHandle)outer),
        { Kind: HandleKind.AssemblyReference } assembly => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)assembly).Name) == "FSharp.Core",
        _ => false,
    };

    private static string NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{NameOf(reader, (TypeReferenceHandle)type.ResolutionScope)}+{reader.GetString(type.Name)}"
            : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }

    private static string NameOf(MetadataReader reader, TypeDefinition type) => type.GetDeclaringType() is { IsNil: false } outer
        ? $"{NameOf(reader, reader.GetTypeDefinition(outer))}+{reader.GetString(type.Name)}"
        : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";

    private static int ParameterCount(MetadataReader reader, BlobHandle signature)
    {
        var blob = reader.GetBlobReader(signature);
        if (blob.ReadSignatureHeader().IsGeneric)
            blob.ReadCompressedInteger();
        return blob.ReadCompressedInteger();
    }
}
