using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;
using DistTrain.Runs;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runs.Observation;
using DistTrain.Runs.Summaries;

namespace DistTrain.Study.Launching;

/// <summary>What a launcher on this machine works with.</summary>
public sealed record LocalLauncherOptions
{
    /// <summary>Serves all runs.</summary>
    public required IEngine Engine { get; init; }

    /// <summary>A <see cref="DeviceList"/>: workers take its devices in turn.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Folder that every run gets a directory of its own in; made when first needed.</summary>
    public required string RunsFolder { get; init; }

    /// <summary>Workers that may be busy at once; processors divided by the threads of a worker.</summary>
    public required int Workers { get; init; }

    public required DatasetPlaces Places { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Is told what is worth a line: a data set that was loaded, a file not written.</summary>
    public Action<string> Notice { get; init; } = _ => { };
}

/// <summary>
/// Runs jobs on this machine, several side by side. Data is loaded once for all runs that share it. A run
/// whose directory holds a checkpoint of the same job goes on from there.
/// </summary>
public sealed class LocalLauncher(LocalLauncherOptions options) : IRunLauncher
{
    private readonly DatasetShelf _datasets = new(options.Places, options.Notice);

    public int Workers => options.Workers;

    /// <summary>Training samples of a job, after the validation split.</summary>
    /// <exception cref="UserFaultException">Its data cannot be loaded.</exception>
    public int TrainingSamplesOf(JobSpec job)
    {
        using DatasetLoan loan = _datasets.Borrow(job);
        return loan.Dataset.Train.Count;
    }

    public Task<RunSummary> RunAsync(
        RunRequest request, IRunObserver observer, CancellationToken cancellation)
        // Loading data and filling tensors takes a while, and the caller has other runs to look after.
        => Task.Run(() => TrainAsync(request, observer, cancellation), CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        _datasets.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<RunSummary> TrainAsync(
        RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        long started = options.Time.GetTimestamp();
        using DatasetLoan loan = _datasets.Borrow(request.Job);
        var parts = new LocalRunParts(request.Job, loan.Dataset, options.Engine, options.Device);
        RunDirectory? resumed = Unfinished(request);
        using LocalRun run = LocalRun.Prepare(parts, resumed, options.Notice);
        RunDirectory directory = resumed ?? RunDirectory.Create(options.RunsFolder, request.Name);
        if (resumed is null)
        {
            directory.WriteJob(JobWriter.Write(request.Job));
            DataIdentity.Check(directory, loan.Dataset.ContentHash);
        }

        LocalRunEnd end = await run.TrainAsync(
            directory, new ObserverList(observer, new PastTeller(run, directory, observer)), options.Notice,
            () => options.Time.GetElapsedTime(started), options.Time, cancellation);
        return end.Summary;
    }

    /// <summary>
    /// The directory of an earlier attempt at the same job, where it got as far as a checkpoint. One that did
    /// not is taken away: it holds nothing that will not be made again.
    /// </summary>
    private RunDirectory? Unfinished(RunRequest request)
    {
        if (RunDirectory.Latest(options.RunsFolder, request.Name) is not { } earlier)
        {
            return null;
        }

        bool isWhole = File.Exists(earlier.JobPath)
            && new CheckpointStore(earlier, request.Job.Checkpoint).Saved.Count > 0;
        if (!isWhole)
        {
            Directory.Delete(earlier.RootPath, recursive: true);
            return null;
        }

        JobSpec stored = JobReader.Read(earlier.ReadJob(), earlier.JobPath, [], workers: 1);
        bool isSame = stored.Epochs == request.Job.Epochs
            && JobIdentity.Differences(stored, request.Job).Count == 0;
        return isSame ? earlier : null;
    }

    /// <summary>
    /// Tells a resumed run's observer what it missed, so that what it adds up is about the whole run.
    /// </summary>
    private sealed class PastTeller(LocalRun run, RunDirectory directory, IRunObserver observer)
        : IRunObserver
    {
        public void OnStarted(RunStarted started) => run.Retell(directory, observer);
    }
}
