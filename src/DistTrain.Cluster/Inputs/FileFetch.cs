using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Inputs;

/// <summary>
/// One file on its way from the coordinator, piece by piece with a few pieces asked for ahead. Pieces come in
/// order and are written where the link's read loop stands, so a slow disk holds the sender back.
/// </summary>
internal sealed class FileFetch : IDisposable
{
    public const int PieceBytes = 1 << 20;
    public const int Window = 4;
    private readonly InputFile _file;
    private readonly ILink _link;
    private readonly FileStream _part;
    private readonly NativeBuffer<byte> _piece;
    private readonly Action<long> _progress;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _asking = new();
    private long _asked;
    private int _expected;

    /// <param name="file">What is fetched.</param>
    /// <param name="partPath">Where it is written; what is there already is kept.</param>
    /// <param name="piece">
    /// Where pieces arrive, <see cref="PieceBytes"/> long. Not this fetch's own: a piece may still be
    /// arriving when a fetch is given up.
    /// </param>
    /// <param name="link">To the coordinator.</param>
    /// <param name="progress">Is told the bytes that are there, now and then.</param>
    public FileFetch(
        InputFile file, string partPath, NativeBuffer<byte> piece, ILink link, Action<long> progress)
    {
        (_file, _piece, _link, _progress) = (file, piece, link, progress);
        _part = new FileStream(partPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        if (_part.Length > file.Bytes)
        {
            _part.SetLength(0);
        }
        _part.Position = _part.Length;
        _asked = _part.Length;
    }

    /// <summary>Completes when every byte is written; faults when it cannot.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (_part.Length == _file.Bytes)
        {
            return;
        }
        for (int i = 0; i < Window; i++)
        {
            AskNext();
        }
        await _done.Task.WaitAsync(cancellation);
        await _part.FlushAsync(cancellation);
    }

    /// <summary>A piece begins to arrive; null: it is not the one that is due.</summary>
    public Payload? Begin(FilePiece piece, long bytes)
    {
        long due = Math.Min(PieceBytes, _file.Bytes - _part.Position);
        bool isDue = piece.Sha256 == _file.Sha256 && piece.Offset == _part.Position && bytes == due;
        if (_done.Task.IsCompleted || !isDue)
        {
            return null;
        }
        _expected = (int)bytes;
        return Payload.Of(_piece, 0, bytes);
    }

    /// <summary>The piece is in place.</summary>
    public void End()
    {
        if (_expected == 0)
        {
            // A piece of a fetch that was given up.
            return;
        }
        try
        {
            _part.Write(_piece.Slice(0, _expected));
            _expected = 0;
        }
        catch (IOException e)
        {
            Fail($"{_part.Name}: cannot be written: {e.Message}");
            return;
        }
        _progress(_part.Position);
        if (_part.Position == _file.Bytes)
        {
            _done.TrySetResult();
        }
        else
        {
            AskNext();
        }
    }

    public void Fail(string reason)
        => _done.TrySetException(new RunFaultException($"{_file.Name}: {reason}"));

    public void Dispose()
    {
        _done.TrySetCanceled();
        _part.Dispose();
    }

    /// <summary>
    /// Called by whoever opens the window and by the link's read loop, at once perhaps: an answer may be here
    /// before its request is noted. Requests leave in the order of their offsets, each once.
    /// </summary>
    private void AskNext()
    {
        lock (_asking)
        {
            int bytes = (int)Math.Min(PieceBytes, _file.Bytes - _asked);
            if (bytes <= 0)
            {
                return;
            }
            long offset = _asked;
            _asked += bytes;
            if (!_link.TrySend(new FilePieceRequest(_file.Sha256, offset, bytes)))
            {
                _asked = offset;
            }
        }
    }
}
