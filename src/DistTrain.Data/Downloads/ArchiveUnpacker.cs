using System.Formats.Tar;
using System.IO.Compression;
using DistTrain.Core;
using DistTrain.Data.Catalog;

namespace DistTrain.Data.Downloads;

/// <summary>
/// Takes the wanted members out of a gzipped tar archive, by name and exact size, into one folder under their
/// last names. No path of the archive is ever used as a path on disk, so no archive can write anywhere else;
/// one that tries is refused all the same.
/// </summary>
internal static class ArchiveUnpacker
{
    private const int MaxEntries = 10_000;

    /// <summary>Whether the member is in the folder with its size.</summary>
    public static bool IsUnpacked(ArchiveMember member, string folder)
        => new FileInfo(Path.Combine(folder, member.Name)) is { Exists: true } info
            && info.Length == member.Bytes;

    /// <exception cref="RunFaultException">Damaged, hostile, a member missing, or the disk
    /// failed.</exception>
    public static async Task UnpackAsync(
        string archive, IReadOnlyList<ArchiveMember> members, string folder,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var packed = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
            await using var tar = new TarReader(packed);
            var missing = members.ToDictionary(member => member.Path, StringComparer.Ordinal);
            int entries = 0;
            while (missing.Count > 0
                && await tar.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
            {
                RequireHarmless(archive, entry, ++entries);
                if (missing.Remove(entry.Name, out ArchiveMember? member))
                {
                    await ExtractAsync(archive, entry, member, folder, cancellationToken);
                }
            }

            if (missing.Count > 0)
            {
                throw new RunFaultException($"{archive}: has no {string.Join(", ", missing.Keys)}");
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException
            or UnauthorizedAccessException)
        {
            throw new RunFaultException($"{archive}: cannot be unpacked: {e.Message}", e);
        }
    }

    private static void RequireHarmless(string archive, TarEntry entry, int entries)
    {
        if (entries > MaxEntries)
        {
            throw new RunFaultException($"{archive}: has more than {MaxEntries} entries");
        }

        if (entry.Name.StartsWith('/') || entry.Name.Contains('\\') || entry.Name.Split('/').Contains(".."))
        {
            throw new RunFaultException($"{archive}: holds '{entry.Name}', a path that leads outside of it");
        }
    }

    private static async Task ExtractAsync(
        string archive, TarEntry entry, ArchiveMember member, string folder,
        CancellationToken cancellationToken)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            || entry.Length != member.Bytes || entry.DataStream is not { } data)
        {
            throw new RunFaultException(
                $"{archive}: '{entry.Name}' is a {entry.EntryType} of {entry.Length} bytes"
                + $", not a file of {member.Bytes}");
        }

        string path = Path.Combine(folder, member.Name), aside = path + ".part";
        await using (FileStream stream = File.Create(aside))
        {
            await data.CopyToAsync(stream, cancellationToken);
        }

        File.Move(aside, path, overwrite: true);
    }
}
