using DistTrain.Core.Coordination;

namespace DistTrain.Core.Cluster;

/// <summary>
/// The arrows of <see cref="JobState"/>: what a command or the end of a run makes of a job. What is asked for
/// and holds already is done; what cannot be is a conflict that says what can.
/// </summary>
internal static class JobLifecycle
{
    public static (JobRecord Job, CommandResult Result) Pause(JobRecord job) => job.State switch
    {
        JobState.Queued => (job with { State = JobState.Paused, Reason = "paused while it was queued" },
            Done($"{job.Id} is paused")),
        JobState.Running => (job with { State = JobState.Pausing },
            Done($"{job.Id} finishes its step, saves and pauses")),
        JobState.Pausing => (job, Done($"{job.Id} is pausing already")),
        JobState.Paused => (job, Done($"{job.Id} is paused already")),
        JobState.Stopping => (job, Conflict($"{job.Id} is being stopped and cannot be paused")),
        _ => (job, Finished(job, "paused")),
    };

    public static (JobRecord Job, CommandResult Result) Resume(JobRecord job) => job.State switch
    {
        JobState.Paused => (job with { State = JobState.Queued, Reason = null },
            Done($"{job.Id} is back in the queue")),
        JobState.Queued => (job, Done($"{job.Id} is in the queue already")),
        JobState.Running => (job, Done($"{job.Id} is running already")),
        JobState.Pausing => (job, Conflict(
            $"{job.Id} is still saving; it can be resumed as soon as it is paused")),
        JobState.Stopping => (job, Conflict($"{job.Id} is being stopped and cannot be resumed")),
        _ => (job, Finished(job, "resumed")),
    };

    public static (JobRecord Job, CommandResult Result) Stop(JobRecord job) => job.State switch
    {
        JobState.Queued or JobState.Paused => (
            job with { State = JobState.Stopped, Reason = "stopped on request" }, Done($"{job.Id} is stopped")),
        JobState.Running or JobState.Pausing => (job with { State = JobState.Stopping },
            Done($"{job.Id} finishes its step, saves and stops")),
        JobState.Stopping => (job, Done($"{job.Id} is stopping already")),
        _ => (job, Finished(job, "stopped")),
    };

    public static (JobRecord Job, CommandResult Result) Scale(JobRecord job, int workers) => job switch
    {
        { IsFinished: true } => (job, Finished(job, "scaled")),
        { State: JobState.Stopping } => (job, Conflict($"{job.Id} is being stopped and cannot be scaled")),
        _ when workers < 1 => (job, Conflict(
            $"{job.Id} cannot be scaled to {workers} workers; 1 is the least, and 'job pause' needs none")),
        _ => (job with { MaxWorkers = workers, MinWorkers = Math.Min(job.MinWorkers, workers) },
            Done($"{job.Id} gets up to {workers} workers")),
    };

    /// <summary>What the end of its run makes of a job that is running, pausing or stopping.</summary>
    public static JobRecord AfterRun(JobRecord job, RunStatus status, string reason) => status switch
    {
        RunStatus.Completed => job with { State = JobState.Completed, Reason = reason },
        RunStatus.StoppedEarly => job with { State = JobState.StoppedEarly, Reason = reason },
        RunStatus.Failed => job with { State = JobState.Failed, Reason = reason },
        _ => job.State switch
        {
            JobState.Pausing => job with { State = JobState.Paused, Reason = reason },
            JobState.Stopping => job with { State = JobState.Stopped, Reason = reason },
            _ => job with { State = JobState.Queued, Reason = reason },
        },
    };

    /// <summary>
    /// What a coordinator makes of a record it finds at its start: a run that was under way was cut off. The
    /// job keeps its place in the order, so that it goes first.
    /// </summary>
    public static JobRecord AfterCrash(JobRecord job)
        => job.State is JobState.Running or JobState.Pausing or JobState.Stopping
            ? AfterRun(job, RunStatus.Interrupted, "the coordinator was cut off; its last checkpoint counts")
            : job;

    private static CommandResult Done(string text) => new(CommandStatus.Done, text);

    private static CommandResult Conflict(string text) => new(CommandStatus.Conflict, text);

    private static CommandResult Finished(JobRecord job, string verb)
        => Conflict($"{job.Id} has ended ({Word(job.State)}) and cannot be {verb}; submit it again to repeat it");

    /// <summary>A finished state in the words of the result object.</summary>
    public static string Word(JobState state) => state switch
    {
        JobState.StoppedEarly => "stopped early",
        _ => state.ToString().ToLowerInvariant(),
    };
}
