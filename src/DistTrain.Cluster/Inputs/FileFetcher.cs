using DistTrain.Core.Cluster;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Inputs;

/// <summary>
/// A worker node's side of fetching: gets what its cache lacks, one file after the other, and says how far it
/// is.
/// </summary>
internal sealed class FileFetcher(InputCache cache, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private readonly NativeBuffer<byte> _piece = new(FileFetch.PieceBytes);
    private FileFetch? _current;

    /// <summary>All files, verified, in one folder; the result is that folder.</summary>
    /// <param name="contentHash">Names the folder.</param>
    /// <param name="files">What must be in it.</param>
    /// <param name="link">To the coordinator that has them.</param>
    /// <param name="say">A line for people now and then.</param>
    /// <exception cref="Core.RunFaultException">A file could not be fetched or written.</exception>
    public async Task<string> FetchAsync(
        string contentHash, IReadOnlyList<InputFile> files, ILink link, Action<string> say,
        CancellationToken cancellation)
    {
        string folder = cache.FolderOf(contentHash);
        foreach (InputFile file in files.Where(file => !InputCache.Holds(folder, file)))
        {
            say($"fetching {file.Name} ({file.Bytes / 1e6:N1} MB) from the coordinator");
            long last = time.GetTimestamp();
            using var fetch = new FileFetch(file, InputCache.PartOf(folder, file), _piece, link, bytes =>
            {
                if (time.GetElapsedTime(last) >= SayEvery)
                {
                    last = time.GetTimestamp();
                    say($"{file.Name}: {bytes / 1e6:N1} of {file.Bytes / 1e6:N1} MB");
                }
            });
            Set(fetch);
            try
            {
                await fetch.RunAsync(cancellation);
            }
            finally
            {
                Set(null);
            }
            fetch.Dispose();
            InputCache.Complete(folder, file);
        }
        return folder;
    }

    /// <summary>A piece begins to arrive.</summary>
    public Payload? Begin(FilePiece piece, long bytes) => Use(fetch => fetch.Begin(piece, bytes));

    /// <summary>It is in place.</summary>
    public void End() => Use<object?>(fetch =>
    {
        fetch.End();
        return null;
    });

    /// <summary>Nothing more will come.</summary>
    public void Fail(string reason) => Use<object?>(fetch =>
    {
        fetch.Fail(reason);
        return null;
    });

    /// <summary>To be called when the node's link is closed.</summary>
    public void Dispose() => _piece.Dispose();

    private void Set(FileFetch? fetch)
    {
        lock (_lock)
        {
            _current = fetch;
        }
    }

    private T? Use<T>(Func<FileFetch, T> use)
    {
        // Held while a piece is written: whoever gives the fetch up waits for that.
        lock (_lock)
        {
            return _current is { } fetch ? use(fetch) : default;
        }
    }
}
