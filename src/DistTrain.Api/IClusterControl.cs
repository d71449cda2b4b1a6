using DistTrain.Core.Cluster;

namespace DistTrain.Api;

/// <summary>
/// What a coordinator can be asked and told. The server offers it over HTTP, the client implements it over
/// HTTP, and a test or a study can talk to a coordinator in its own process through it.
/// </summary>
public interface IClusterControl
{
    /// <summary>Puts a job into the queue.</summary>
    /// <exception cref="Core.UserFaultException">The job is at fault; every problem is told.</exception>
    Task<JobView> SubmitAsync(SubmitRequest request, CancellationToken cancellation = default);

    /// <summary>All jobs, finished ones included, in the order of submission.</summary>
    Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellation = default);

    /// <summary>null: no such job.</summary>
    Task<JobView?> JobAsync(string id, CancellationToken cancellation = default);

    Task<CommandResult> PauseAsync(string id, CancellationToken cancellation = default);

    Task<CommandResult> ResumeAsync(string id, CancellationToken cancellation = default);

    Task<CommandResult> StopAsync(string id, CancellationToken cancellation = default);

    /// <param name="workers">The new maximum, from 1.</param>
    Task<CommandResult> ScaleAsync(string id, int workers, CancellationToken cancellation = default);

    Task<ClusterView> ClusterAsync(CancellationToken cancellation = default);

    Task<CommandResult> DrainAsync(string node, CancellationToken cancellation = default);

    /// <summary>
    /// The events of a job after a given one: those kept, then new ones as they happen, until the job is
    /// finished or the caller has enough. A slow reader loses steps, never anything else.
    /// </summary>
    /// <param name="after">Sequence of the last event seen; 0: from the start.</param>
    IAsyncEnumerable<JobEvent> WatchAsync(string id, long after, CancellationToken cancellation = default);

    /// <summary>The steps so far, those of earlier attempts included; null: no such job.</summary>
    /// <param name="points">At most so many, evenly chosen; the bounds are those of
    /// <see cref="StepCurve"/>.</param>
    Task<StepCurve?> StepsAsync(string id, int points, CancellationToken cancellation = default);

    /// <summary>The result object of a finished job as one line of JSON; null: none yet.</summary>
    Task<string?> ResultAsync(string id, CancellationToken cancellation = default);

    /// <summary>
    /// A file the job left behind; null: it is not there (yet). The caller disposes the stream.
    /// </summary>
    Task<Stream?> FileAsync(string id, JobFile file, CancellationToken cancellation = default);
}

/// <summary>Files of a run directory that the API hands out.</summary>
public enum JobFile { Job, Metrics, Weights, Report, Summary, Timeline }

/// <param name="JobJson">A job file's text.</param>
/// <param name="Source">Its name in messages about faults, e.g. "job.json".</param>
/// <param name="Set">Overrides as <c>--set path=value</c> gives them.</param>
public sealed record SubmitRequest(string JobJson, string Source, IReadOnlyList<string> Set);
