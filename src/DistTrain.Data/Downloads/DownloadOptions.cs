namespace DistTrain.Data.Downloads;

/// <summary>How patient a download is.</summary>
public sealed record DownloadOptions
{
    /// <summary>Further attempts at one mirror after a passing fault (a cut connection, a 5xx); at least
    /// 1.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Wait before the first of them; doubles each time, with jitter.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time without a single byte after which a connection counts as cut.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How far one file is.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Bytes on disk, those of an earlier attempt included.</param>
/// <param name="TotalBytes">Bytes of the whole file.</param>
/// <param name="BytesPerSecond">Mean over this attempt; 0 at its start.</param>
public readonly record struct DownloadProgress(
    string File, long Bytes, long TotalBytes, double BytesPerSecond);

/// <param name="Folder">Where the set now lies.</param>
/// <param name="Files">The files, and whether each was there before.</param>
public sealed record DownloadedDataset(string Folder, IReadOnlyList<DownloadedFile> Files);

/// <param name="Name">File name in the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="WasThere">True: it was there already, whole, and was not fetched.</param>
public sealed record DownloadedFile(string Name, long Bytes, bool WasThere);
