using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Summaries;

namespace DistTrain.Study.Launching;

/// <summary>
/// Whatever can carry a run from its job to its end: this machine, or a cluster it is submitted to. A study,
/// a search and a sweep ask for runs and do not know where they happen.
/// </summary>
public interface IRunLauncher : IAsyncDisposable
{
    /// <summary>Workers that may be busy at once, over all runs under way.</summary>
    int Workers { get; }

    /// <summary>Runs a job to its end.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="observer">
    /// Hears of every step and epoch, one call at a time; on a cluster steps may be left out for a slow one.
    /// </param>
    /// <param name="cancellation">Ends the run early: it saves and comes back as interrupted.</param>
    /// <returns>How it ended. A run that diverged comes back as failed; it does not throw.</returns>
    /// <exception cref="UserFaultException">The job cannot be run at all.</exception>
    Task<RunSummary> RunAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation);

    /// <summary>A run that was interrupted will not be gone on with: nothing need wait for it.</summary>
    Task AbandonAsync(RunRequest request, CancellationToken cancellation) => Task.CompletedTask;
}

/// <param name="Name">Names the run's directory, or the job in the cluster's list.</param>
/// <param name="Job">The effective job; at most <see cref="WorkersSpec.Max"/> workers are used.</param>
public sealed record RunRequest(string Name, JobSpec Job);
