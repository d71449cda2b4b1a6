using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace DistTrain.Server.Page;

/// <summary>
/// The live page, as the build has put it into this assembly: index.html, and files that carry the hash of
/// their content in their names. There is none where the build could not make it.
/// </summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";

    private static readonly Lazy<PageFiles> Lazy = new(() => new PageFiles(typeof(PageFiles).Assembly));

    private readonly FrozenDictionary<string, PageFile> _files;

    private PageFiles(Assembly assembly) => _files = assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => Read(assembly, name))
        .ToFrozenDictionary(file => file.Name, StringComparer.Ordinal);

    /// <summary>Those of this build; read when they are first asked for.</summary>
    public static PageFiles Built => Lazy.Value;

    /// <summary>null: this build has no page.</summary>
    public PageFile? Index => Find("index.html");

    /// <summary>null: no such file.</summary>
    public PageFile? Find(string name) => _files.GetValueOrDefault(name);

    private static PageFile Read(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        string hash = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
        return new PageFile(resource[Prefix.Length..], content, $"\"{hash}\"");
    }
}

/// <param name="Name">Without a folder, e.g. "main-4KXQ2A.js".</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Tag">Its entity tag, quotes included.</param>
internal sealed record PageFile(string Name, ReadOnlyMemory<byte> Content, string Tag)
{
    public string ContentType => Path.GetExtension(Name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
