using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Summaries;
using DistTrain.Study.Launching;

namespace DistTrain.Study.Tests.Fixtures;

/// <summary>
/// Runs that happen in no time, as a test scripts them: each tells its epochs with the accuracies it is given
/// and completes.
/// </summary>
internal sealed class FakeLauncher(int workers) : IRunLauncher
{
    private readonly Lock _lock = new();
    private int _busy;

    public int Workers => workers;

    /// <summary>Most workers that were busy at once.</summary>
    public int MostBusy { get; private set; }

    /// <summary>Names of all runs that were begun, in that order.</summary>
    public List<string> Begun { get; } = [];

    public List<string> Abandoned { get; } = [];

    /// <summary>Validation accuracy at the end of an epoch of a run.</summary>
    public Func<RunRequest, int, double> Accuracy { get; init; } = (_, epoch) => 0.5 + 0.01 * epoch;

    /// <summary>Called when a run has begun; throws or waits as the test wants.</summary>
    public Func<RunRequest, CancellationToken, Task> Meet { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>The error a run fails with; null: it does not.</summary>
    public Func<RunRequest, string?> Failure { get; init; } = _ => null;

    public async Task<RunSummary> RunAsync(
        RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        int needed = Math.Min(workers, request.Job.Workers.Max);
        lock (_lock)
        {
            Begun.Add(request.Name);
            _busy += needed;
            MostBusy = Math.Max(MostBusy, _busy);
        }

        try
        {
            await Task.Yield();
            await Meet(request, cancellation);
            return Tell(request, observer, cancellation);
        }
        finally
        {
            lock (_lock)
            {
                _busy -= needed;
            }
        }
    }

    public Task AbandonAsync(RunRequest request, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Abandoned.Add(request.Name);
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private RunSummary Tell(RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        observer.OnStarted(new RunStarted(request.Job, 1, 2, 1000, 200, 10, "a fake", null));
        string? error = Failure(request);
        int epoch = 0;
        while (epoch < request.Job.Epochs && !cancellation.IsCancellationRequested && error is null)
        {
            epoch++;
            for (int i = 0; i < 2; i++)
            {
                observer.OnStep(new StepMetrics(
                    2 * epoch - 2 + i, epoch, 1, null, 0.1, 500, 1, false, TimeSpan.FromSeconds(0.5)));
            }

            observer.OnEpoch(new EpochMetrics(
                epoch, 2 * epoch, new EvaluationMetrics(1, 0.5, 1000),
                new EvaluationMetrics(1, Accuracy(request, epoch), 200), 0.1, TimeSpan.FromSeconds(1), 1000,
                true));
        }

        bool early = epoch < request.Job.Epochs;
        return new RunSummary
        {
            Status = error is not null ? RunStatus.Failed
                : early ? RunStatus.Interrupted : RunStatus.Completed,
            Error = error,
            Epochs = epoch,
            Steps = 2 * epoch,
            Target = new TargetReached(2, 1000),
            SamplesPerSecond = 1000,
            Seconds = 1,
            RunDirectory = request.Name,
        };
    }
}
