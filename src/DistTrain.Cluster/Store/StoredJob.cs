using DistTrain.Core.Cluster;
using DistTrain.Core.Jobs;
using DistTrain.Runs;

namespace DistTrain.Cluster.Store;

/// <summary>A job as it is on disk.</summary>
/// <param name="Directory">Its run directory; the folder's name is the job's id.</param>
/// <param name="Job">The effective job.</param>
/// <param name="Record">What the queue knows of it; null: submitted, and not yet in the queue.</param>
/// <param name="Times">When what happened.</param>
public sealed record StoredJob(RunDirectory Directory, JobSpec Job, JobRecord? Record, JobTimes Times)
{
    public JobId Id => new(Directory.Name);

    /// <summary>Where its events are kept.</summary>
    public string EventsPath => Path.Combine(Directory.RootPath, "events.jsonl");
}

/// <param name="Submitted">When its folder was made.</param>
/// <param name="Started">When it first ran.</param>
/// <param name="Ended">When it was finished.</param>
public sealed record JobTimes(DateTimeOffset Submitted, DateTimeOffset? Started, DateTimeOffset? Ended);

/// <param name="Jobs">In the order of submission.</param>
/// <param name="Warnings">A line for each folder that is not a job, and why.</param>
public sealed record LoadedJobs(IReadOnlyList<StoredJob> Jobs, IReadOnlyList<string> Warnings);

/// <summary>record.json.</summary>
internal sealed record StoredRecord
{
    /// <summary>Counts up when a field changes its meaning.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }
    public required string Id { get; init; }
    public required JobState State { get; init; }
    public required long Order { get; init; }
    public required long Attempt { get; init; }
    public required int MinWorkers { get; init; }
    public required int MaxWorkers { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset Submitted { get; init; }
    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Ended { get; init; }

    public JobTimes Times => new(Submitted, Started, Ended);

    public JobRecord ToRecord() => new()
    {
        Id = new JobId(Id),
        State = State,
        Order = Order,
        Attempt = Attempt,
        MinWorkers = MinWorkers,
        MaxWorkers = MaxWorkers,
        Reason = Reason,
    };

    public static StoredRecord Of(JobRecord record, JobTimes times) => new()
    {
        Format = CurrentFormat,
        Id = record.Id.Name,
        State = record.State,
        Order = record.Order,
        Attempt = record.Attempt,
        MinWorkers = record.MinWorkers,
        MaxWorkers = record.MaxWorkers,
        Reason = record.Reason,
        Submitted = times.Submitted,
        Started = times.Started,
        Ended = times.Ended,
    };
}
