using DistTrain.Api;
using DistTrain.Cli.Terminal;
using DistTrain.Core;

namespace DistTrain.Cli.Client;

/// <summary>
/// Brings a job's weights here. They are written aside and renamed, so that a file of that name is whole or
/// as it was.
/// </summary>
internal static class WeightsDownload
{
    private const string Aside = ".part";
    private const int ChunkBytes = 1 << 20;

    /// <summary>Progress is told every so many bytes.</summary>
    private const long Stride = 64L << 20;

    /// <exception cref="UserFaultException">It is no place for a file, or there are no weights.</exception>
    /// <exception cref="RunFaultException">The file cannot be written, or the stream broke off.</exception>
    public static async Task SaveAsync(ClientSession session, string id, string given)
    {
        string path = Path.GetFullPath(given, session.Context.Folder);
        if (Directory.Exists(path) || Path.GetFileName(path).Length == 0)
        {
            throw new UserFaultException($"--weights: {given} is a folder; name a file");
        }

        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            throw new UserFaultException($"--weights: {folder}: there is no such folder");
        }

        await using Stream weights =
            await session.Control.FileAsync(id, JobFile.Weights, session.Cancellation)
            ?? throw new UserFaultException($"{id} has no weights (yet); see disttrain job status {id}");
        string aside = path + Aside;
        try
        {
            long bytes = await CopyAsync(weights, aside, session);
            File.Move(aside, path, overwrite: true);
            session.Context.Errors.WriteLine($"{path}: {Megabytes(bytes)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            throw new RunFaultException($"{path}: the weights are not there: {e.Message}", e);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static async Task<long> CopyAsync(Stream weights, string aside, ClientSession session)
    {
        await using var file = new FileStream(
            aside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        byte[] chunk = new byte[ChunkBytes];
        long bytes = 0, told = 0;
        while (await weights.ReadAsync(chunk, session.Cancellation) is var read and > 0)
        {
            await file.WriteAsync(chunk.AsMemory(0, read), session.Cancellation);
            bytes += read;
            if (bytes - told >= Stride)
            {
                told = bytes;
                session.Context.Errors.WriteLine($"weights: {Megabytes(bytes)} so far");
            }
        }

        file.Flush(flushToDisk: true);
        return bytes;
    }

    private static string Megabytes(long bytes) => $"{Units.Count(bytes)} bytes";
}
