using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace DistTrain.Build;

/// <summary>
/// Packages of the npm registry without npm and without Node.js: those that the page's package-lock.json
/// pins, by version and SHA-512, fetched once and unpacked below artifacts/npm/node_modules.
/// </summary>
internal static class Npm
{
    private const string Lock = "src/DistTrain.Page/package-lock.json";

    /// <summary>The longest a registry may take to answer at all before it counts as out of reach.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>As npm's packages of programs are named: "linux-x64".</summary>
    public static string Platform { get; } =
        (OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux")
        + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>The folder of a package; fetched where it is not here yet.</summary>
    /// <exception cref="HttpRequestException">The registry cannot be reached.</exception>
    /// <exception cref="FaultException">The lock file does not name it, or it is not what was
    /// pinned.</exception>
    public static string Provide(string name)
    {
        (string version, string integrity) = Pinned(name);
        string folder = Repository.PathOf("artifacts/npm/node_modules", name);
        string mark = Path.Combine(folder, ".integrity");
        if (File.Exists(mark) && File.ReadAllText(mark) == integrity)
        {
            return folder;
        }

        string file = $"{name[(name.LastIndexOf('/') + 1)..]}-{version}.tgz";
        string address = $"{Registry()}/{name}/-/{file}";
        Tool.Say($"fetching {name} {version}");
        byte[] archive = Fetch(address);
        string found = "sha512-" + Convert.ToBase64String(SHA512.HashData(archive));
        if (found != integrity)
        {
            throw new FaultException($"{address}: it is {found} instead of {integrity}", 1);
        }

        Unpack(archive, folder);
        File.WriteAllText(mark, integrity);
        return folder;
    }

    private static (string Version, string Integrity) Pinned(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf(Lock)));
        return document.RootElement.GetProperty("packages").TryGetProperty(
            $"node_modules/{name}", out JsonElement entry)
            ? (entry.GetProperty("version").GetString()!, entry.GetProperty("integrity").GetString()!)
            : throw new FaultException($"{Lock} has no {name}");
    }

    /// <summary>The one npm would use: the environment's, the user's, else the public one.</summary>
    private static string Registry()
    {
        string settings = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".npmrc");
        string? given = Environment.GetEnvironmentVariable("NPM_CONFIG_REGISTRY")
            ?? Environment.GetEnvironmentVariable("npm_config_registry");
        if (string.IsNullOrEmpty(given) && File.Exists(settings))
        {
            given = File.ReadLines(settings).Select(line => line.Split('=', 2))
                .LastOrDefault(pair => pair is [var key, _] && key.Trim() == "registry")?[1].Trim();
        }

        return (string.IsNullOrEmpty(given) ? "https://registry.npmjs.org" : given).TrimEnd('/');
    }

    private static byte[] Fetch(string address)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(2) };
        try
        {
            return client.GetByteArrayAsync(address).GetAwaiter().GetResult();
        }
        catch (TaskCanceledException e)
        {
            throw new HttpRequestException($"{address} does not answer", e);
        }
    }

    /// <summary>An archive has one folder at its top, whatever its name.</summary>
    private static void Unpack(byte[] archive, string folder)
    {
        string beside = folder + ".new";
        foreach (string old in new[] { beside, folder }.Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }

        Directory.CreateDirectory(beside);
        using var unzipped = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unzipped, beside, overwriteFiles: false);
        Directory.Move(Directory.GetDirectories(beside).Single(), folder);
        Directory.Delete(beside);
    }
}
