using DistTrain.Api;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs;
using DistTrain.Runs.Summaries;

namespace DistTrain.Study.Launching;

/// <summary>
/// Runs jobs on a cluster: submits them, watches them, and fetches what they leave behind. Connections may be
/// lost meanwhile, and the study's own process too: a job of the run's name that the cluster has already is
/// taken up instead of submitted again. An interrupted job is paused, not stopped.
/// </summary>
/// <param name="control">The coordinator.</param>
/// <param name="workers">Workers of the cluster that runs may occupy at once.</param>
/// <param name="runsFolder">Where the small files of finished runs are copied to.</param>
/// <param name="notice">Is told what is worth a line.</param>
public sealed class ClusterLauncher(
    IClusterControl control, int workers, string runsFolder, Action<string> notice) : IRunLauncher
{
    private static readonly (JobFile File, Func<RunDirectory, string> PathOf)[] Copied =
    [
        (JobFile.Job, run => run.JobPath), (JobFile.Metrics, run => run.MetricsPath),
        (JobFile.Summary, run => run.SummaryPath), (JobFile.Report, run => run.ReportPath),
    ];

    public int Workers => workers;

    public async Task<RunSummary> RunAsync(
        RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        JobView job = await SubmitAsync(request, cancellation);
        var listener = new JobListener(observer);
        try
        {
            await foreach (JobEvent happened in control.WatchAsync(job.Id, 0, cancellation))
            {
                listener.Hear(happened);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await control.PauseAsync(job.Id, CancellationToken.None);
            return await UnfinishedAsync(job, listener);
        }

        string? result = listener.Result ?? await control.ResultAsync(job.Id, cancellation);
        return result is null
            ? await UnfinishedAsync(job, listener)
            : await FetchAsync(request, job, ResultObject.Read(result), cancellation);
    }

    public async Task AbandonAsync(RunRequest request, CancellationToken cancellation)
    {
        if (await FindAsync(request, cancellation) is { } job)
        {
            await control.StopAsync(job.Id, cancellation);
        }
    }

    public ValueTask DisposeAsync()
    {
        (control as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<JobView> SubmitAsync(RunRequest request, CancellationToken cancellation)
    {
        if (await FindAsync(request, cancellation) is not { } known)
        {
            return await control.SubmitAsync(
                new SubmitRequest(JobWriter.Write(request.Job), request.Name, []), cancellation);
        }

        if (known.State is JobState.Paused or JobState.Pausing)
        {
            await control.ResumeAsync(known.Id, cancellation);
        }

        return known;
    }

    /// <summary>
    /// The newest job of that name, which holds the job's fingerprint, unless it failed or was stopped.
    /// </summary>
    private async Task<JobView?> FindAsync(RunRequest request, CancellationToken cancellation)
        => (await control.JobsAsync(cancellation)).LastOrDefault(job => job.Name == request.Job.Name
            && job.State is not (JobState.Failed or JobState.Stopped or JobState.Stopping));

    /// <summary>What is known of a job that has no result object: it was paused, or somebody stopped
    /// it.</summary>
    private async Task<RunSummary> UnfinishedAsync(JobView job, JobListener listener)
    {
        JobView now = await control.JobAsync(job.Id, CancellationToken.None) ?? job;
        if (now.State == JobState.Failed)
        {
            throw new RunFaultException($"job {job.Id} failed on the cluster: {now.Reason}");
        }

        EpochMetrics? last = listener.LastEpoch;
        return new RunSummary
        {
            Status = RunStatus.Interrupted,
            Epochs = last?.Epoch ?? 0,
            Steps = Math.Max(now.Step, last?.Step ?? 0),
            Train = last?.Train,
            Validation = last?.Validation,
            SamplesPerSecond = last?.SamplesPerSecond ?? 0,
            Seconds = now is { Started: { } started, Ended: { } ended } ? (ended - started).TotalSeconds : 0,
            RunDirectory = $"job {job.Id}",
        };
    }

    /// <summary>Weights stay where they are; <c>job weights</c> fetches them.</summary>
    private async Task<RunSummary> FetchAsync(
        RunRequest request, JobView job, RunSummary summary, CancellationToken cancellation)
    {
        RunDirectory directory = RunDirectory.Latest(runsFolder, request.Name)
            ?? RunDirectory.Create(runsFolder, request.Name);
        foreach (var (file, pathOf) in Copied)
        {
            try
            {
                await using Stream? content = await control.FileAsync(job.Id, file, cancellation);
                if (content is not null)
                {
                    await using FileStream copy = File.Create(pathOf(directory));
                    await content.CopyToAsync(copy, cancellation);
                }
            }
            catch (IOException e)
            {
                notice($"{request.Name}: a file of the run could not be copied: {e.Message}");
            }
        }

        return summary with { RunDirectory = directory.RootPath };
    }
}
