using System.Net.Http.Headers;
using System.Security.Cryptography;
using DistTrain.Core;
using DistTrain.Data.Catalog;

namespace DistTrain.Data.Downloads;

/// <summary>
/// A download in progress: NAME.part holds the bytes so far, NAME.part.etag the address they came from and
/// its entity tag. Only bytes with a strong tag are continued (RFC 9110, 13.1.5: If-Range), for without one
/// nobody can say that the server still has the same file. NAME itself appears only when whole and verified.
/// </summary>
internal sealed class PartFile(string folder, RemoteFile file)
{
    private readonly string _path = Path.Combine(folder, file.Name + ".part");
    private readonly string _final = Path.Combine(folder, file.Name);

    private string TagPath => _path + ".etag";

    public long Length => File.Exists(_path) ? new FileInfo(_path).Length : 0;

    /// <summary>The tag under which this address's bytes may be continued; null: start over.</summary>
    public EntityTagHeaderValue? TagFor(Uri address)
    {
        if (Length == 0 || !File.Exists(TagPath))
        {
            return null;
        }

        string[] lines = File.ReadAllLines(TagPath);
        return lines.Length == 2 && lines[0] == address.AbsoluteUri
            && EntityTagHeaderValue.TryParse(lines[1], out EntityTagHeaderValue? tag) ? tag : null;
    }

    /// <summary>Opens for writing at <paramref name="from"/> and forgets what lay beyond.</summary>
    /// <exception cref="RunFaultException">The folder cannot be written, or another download holds the
    /// file.</exception>
    public FileStream Open(long from, Uri address, EntityTagHeaderValue? tag)
    {
        try
        {
            var stream = new FileStream(
                _path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0,
                useAsync: true);
            stream.SetLength(from);
            stream.Position = from;
            if (tag is { IsWeak: false })
            {
                File.WriteAllLines(TagPath, [address.AbsoluteUri, tag.ToString()]);
            }
            else
            {
                File.Delete(TagPath);
            }

            return stream;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFaultException($"{_path}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Checks the whole file and gives it its name.</summary>
    /// <exception cref="DownloadFault">The digests differ; the bytes are deleted.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        (string sha256, string md5) = await DigestAsync(_path, cancellationToken);
        if (sha256 != file.Sha256 || md5 != file.Md5)
        {
            Delete();
            throw new DownloadFault(sha256 != file.Sha256
                ? $"has SHA-256 {sha256}, not the pinned {file.Sha256}; deleted"
                : $"has MD5 {md5}, not the pinned {file.Md5}; deleted", isPassing: false);
        }

        File.Move(_path, _final, overwrite: true);
        File.Delete(TagPath);
    }

    /// <summary>Whether the finished file is there and is the pinned one.</summary>
    public async Task<bool> IsCompleteAsync(CancellationToken cancellationToken)
        => File.Exists(_final) && new FileInfo(_final).Length == file.Bytes
            && (await DigestAsync(_final, cancellationToken)).Sha256 == file.Sha256;

    public void Delete()
    {
        File.Delete(_path);
        File.Delete(TagPath);
    }

    private static async Task<(string Sha256, string Md5)> DigestAsync(
        string path, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        byte[] buffer = new byte[1 << 16];
        await using FileStream stream = File.OpenRead(path);
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and int held)
        {
            sha256.AppendData(buffer, 0, held);
            md5.AppendData(buffer, 0, held);
        }

        return (
            Convert.ToHexStringLower(
                sha256.GetHashAndReset()), Convert.ToHexStringLower(md5.GetHashAndReset()));
    }
}
