using System.Collections.Concurrent;
using DistTrain.Core.Cluster;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Cluster.Inputs;

/// <summary>
/// The files a coordinator hands out, by content: those of the runs that are open, and no others.
/// </summary>
internal sealed class FileShelf
{
    private readonly ConcurrentDictionary<string, string> _paths = new();

    /// <summary>From now on this file can be had.</summary>
    public InputFile Offer(string path)
    {
        string hash = InputCache.HashOf(path);
        _paths[hash] = path;
        return new InputFile(Path.GetFileName(path), new FileInfo(path).Length, hash);
    }

    /// <summary>Sends a piece; without a payload where there is no such file or piece.</summary>
    /// <exception cref="ProtocolFaultException">The request is none.</exception>
    public void Send(ILink link, FilePieceRequest request)
    {
        if (request.Bytes is < 1 or > FileFetch.PieceBytes || request.Offset < 0)
        {
            throw new ProtocolFaultException($"a piece of {request.Bytes} bytes at {request.Offset}");
        }
        var announcement = new FilePiece(request.Sha256, request.Offset);
        if (TryRead(request) is not { } piece)
        {
            link.TrySend(announcement);
        }
        else if (!link.TrySend(announcement, Payload.Of(piece), _ => piece.Dispose()))
        {
            piece.Dispose();
        }
    }

    private NativeBuffer<byte>? TryRead(FilePieceRequest request)
    {
        if (!_paths.TryGetValue(request.Sha256, out string? path))
        {
            return null;
        }
        try
        {
            using FileStream file = File.OpenRead(path);
            if (request.Offset + request.Bytes > file.Length)
            {
                return null;
            }
            file.Position = request.Offset;
            var piece = new NativeBuffer<byte>(request.Bytes);
            try
            {
                file.ReadExactly(piece.Span);
                return piece;
            }
            catch
            {
                piece.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
