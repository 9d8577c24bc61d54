using System.Security.Cryptography;
using System.Text;
using CourseKit.Notebooks;
using CourseKit.Tensors;

namespace CourseKit.Host.Site;

/// <summary>Tells whether a site is of these notebooks and this build.</summary>
internal static class SiteFingerprint
{
    /// <summary>The fingerprint of everything that a site comes from: the notebooks with what lies beside them, the data sets, and the programs that run and draw them.</summary>
    /// <param name="root">The project's root folder.</param>
    /// <returns>64 hexadecimal digits, the same for the same contents wherever the project lies.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string Of(string root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Builds are deterministic: the id of a module changes when its code does.
        foreach (var program in new[] { typeof(SiteFingerprint), typeof(Kit), typeof(Tensor) })
            hash.AppendData(program.Module.ModuleVersionId.ToByteArray());
        foreach (var folder in new[] { "notebooks", "datasets" })
            Append(hash, root, folder);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string root, string folder)
    {
        var path = Path.Combine(root, folder);
        if (!Directory.Exists(path))
            return;
        // Without hidden files, such as Jupyter's checkpoints.
        foreach (var name in Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal))
        {
            var file = Path.Combine(path, name);
            if (Directory.Exists(file))
            {
                Append(hash, root, $"{folder}/{name}");
                continue;
            }
            hash.AppendData(Encoding.UTF8.GetBytes($"{folder}/{name}\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
    }
}
