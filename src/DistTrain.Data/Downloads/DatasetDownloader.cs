using DistTrain.Core;
using DistTrain.Data.Catalog;
using Polly;
using Polly.Retry;

namespace DistTrain.Data.Downloads;

/// <summary>
/// Fetches a public data set into a folder. Interrupted downloads are continued, mirrors are tried in order,
/// and nothing gets its name before its size and digests are those of the catalog.
/// </summary>
/// <param name="client">Whoever makes it sets proxies and the like; its timeout covers the headers
/// alone.</param>
/// <param name="options">How patient to be.</param>
/// <param name="time">Clock of retries and rates.</param>
public sealed class DatasetDownloader(
    HttpClient client, DownloadOptions? options = null, TimeProvider? time = null)
{
    private readonly DownloadOptions _options = options ?? new DownloadOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <param name="set">What to fetch.</param>
    /// <param name="cacheFolder">The folder of folders; files go into its folder named after the set.</param>
    /// <param name="progress">Called from the download's own thread, after every block.</param>
    /// <param name="cancellationToken">Leaves what has arrived for the next time.</param>
    /// <exception cref="RunFaultException">No mirror had the file, or the disk failed; every reason is
    /// named.</exception>
    public async Task<DownloadedDataset> GetAsync(
        DatasetInfo set, string cacheFolder, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        string folder = Path.Combine(cacheFolder, set.Name);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{folder}: cannot be created: {e.Message}", e);
        }

        try
        {
            List<DownloadedFile> files = [];
            foreach (RemoteFile file in set.Files)
            {
                files.AddRange(await GetAsync(file, folder, progress, cancellationToken));
            }

            return new DownloadedDataset(folder, files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFaultException($"{folder}: cannot be written: {e.Message}", e);
        }
    }

    private async Task<IEnumerable<DownloadedFile>> GetAsync(
        RemoteFile file, string folder, IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken)
    {
        var part = new PartFile(folder, file);
        if (file.Members.Count > 0 && file.Members.All(member => ArchiveUnpacker.IsUnpacked(member, folder)))
        {
            return file.Members.Select(
                member => new DownloadedFile(member.Name, member.Bytes, WasThere: true));
        }

        bool wasThere = await part.IsCompleteAsync(cancellationToken);
        if (!wasThere)
        {
            await FetchFromMirrorsAsync(file, part, progress, cancellationToken);
        }

        if (file.Members.Count == 0)
        {
            return [new DownloadedFile(file.Name, file.Bytes, wasThere)];
        }

        string archive = Path.Combine(folder, file.Name);
        await ArchiveUnpacker.UnpackAsync(archive, file.Members, folder, cancellationToken);
        File.Delete(archive);
        return file.Members.Select(member => new DownloadedFile(member.Name, member.Bytes, WasThere: false));
    }

    private async Task FetchFromMirrorsAsync(
        RemoteFile file, PartFile part, IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken)
    {
        var fetch = new HttpFetch(client, _options, _time, progress);
        ResiliencePipeline retries = Retries();
        List<string> reasons = [];
        foreach (Uri mirror in file.Mirrors)
        {
            try
            {
                if (part.Length != file.Bytes)
                {
                    await retries.ExecuteAsync(
                        async token => await fetch.FetchAsync(file, mirror, part, token), cancellationToken);
                }

                await part.CompleteAsync(cancellationToken);
                return;
            }
            catch (DownloadFault fault)
            {
                reasons.Add($"{mirror}: {fault.Message}");
            }
        }

        throw new RunFaultException(string.Join(Environment.NewLine, reasons));
    }

    private ResiliencePipeline Retries() => new ResiliencePipelineBuilder { TimeProvider = _time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<DownloadFault>(fault => fault.IsPassing),
            MaxRetryAttempts = _options.Retries,
            Delay = _options.FirstDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();
}
