using DistTrain.Core.Coordination;
using DistTrain.Runs.Summaries;
using DistTrain.Study.Launching;

namespace DistTrain.Study.Execution;

/// <summary>A run that is to be made.</summary>
/// <param name="Key">The source's own name for it; no two runs of a source share one.</param>
/// <param name="Request">What to run.</param>
public sealed record PlannedRun(string Key, RunRequest Request);

/// <summary>A run that has ended.</summary>
/// <param name="Run">Which.</param>
/// <param name="Summary">How.</param>
/// <param name="Trace">What it showed on the way.</param>
/// <param name="GivenUp">True: <see cref="IRunSource.GoesOn"/> ended it.</param>
public sealed record RunEnd(PlannedRun Run, RunSummary Summary, RunTrace Trace, bool GivenUp)
{
    /// <summary>Whether it failed because its gradients were no longer finite.</summary>
    public bool Diverged => Summary is { Status: RunStatus.Failed, Error: { } error }
        && error.StartsWith("training diverged", StringComparison.Ordinal);
}

/// <summary>
/// Where runs come from: a grid that is known from the start, or a search that decides as results come in.
/// Calls come one at a time.
/// </summary>
public interface IRunSource
{
    /// <summary>
    /// The next run to make; null: none now. It is asked again whenever a run has ended, and what it gave is
    /// waited for until there are workers for it.
    /// </summary>
    PlannedRun? Next();

    /// <summary>A run has ended: completed, stopped early, failed, or given up.</summary>
    void OnFinished(RunEnd end);

    /// <summary>Asked after every epoch of a run; false: the rest of it is not worth its time.</summary>
    bool GoesOn(PlannedRun run, EpochMetrics epoch) => true;
}

/// <summary>
/// Whoever watches many runs: the terminal. Calls come one at a time, from any thread.
/// </summary>
public interface IRunsWatcher
{
    void OnStarted(PlannedRun run) { }
    void OnStep(PlannedRun run, StepMetrics step) { }
    void OnEpoch(PlannedRun run, EpochMetrics epoch) { }
    void OnFinished(RunEnd end) { }

    /// <summary>Something worth a line.</summary>
    void OnNotice(string text) { }
}
