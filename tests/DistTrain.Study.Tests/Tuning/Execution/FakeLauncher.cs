using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Summaries;
using DistTrain.Study.Launching;

namespace DistTrain.Study.Tests.Tuning.Execution;

/// <summary>Runs that end at once: their accuracy is told by a function of the job and the epoch.</summary>
internal sealed class FakeLauncher(Func<JobSpec, int, double> accuracy) : IRunLauncher
{
    private int _busy;

    public int Workers { get; init; } = 1;

    /// <summary>Fired when so many runs have begun, in the middle of the last of them.</summary>
    public (int Runs, CancellationTokenSource Source)? Interrupt { get; init; }

    public List<RunRequest> Requests { get; } = [];
    public List<string> Abandoned { get; } = [];
    public int MostBusy { get; private set; }

    public async Task<RunSummary> RunAsync(
        RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        lock (Requests)
        {
            Requests.Add(request);
            MostBusy = Math.Max(MostBusy, ++_busy);
            if (Interrupt is { } interrupt && Requests.Count == interrupt.Runs)
            {
                interrupt.Source.Cancel();
            }
        }

        await Task.Yield();
        try
        {
            return Run(request.Job, observer, cancellation);
        }
        finally
        {
            lock (Requests)
            {
                _busy--;
            }
        }
    }

    public Task AbandonAsync(RunRequest request, CancellationToken cancellation)
    {
        Abandoned.Add(request.Name);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private RunSummary Run(JobSpec job, IRunObserver observer, CancellationToken cancellation)
    {
        if (job.LearningRate.Base > 500)
        {
            throw new UserFaultException("there is no such data set");
        }

        int epoch = 0;
        while (epoch < job.Epochs && !cancellation.IsCancellationRequested)
        {
            double value = accuracy(job, ++epoch);
            if (double.IsNaN(value))
            {
                return Summary(RunStatus.Failed, epoch - 1) with
                {
                    Error = "5 steps in a row were not finite",
                };
            }

            observer.OnEpoch(new EpochMetrics(
                epoch, epoch * 10, new EvaluationMetrics(1, value, 100), new EvaluationMetrics(1, value, 100),
                0.1, TimeSpan.FromSeconds(1), 100, Improved: true));
        }

        return Summary(
            epoch < job.Epochs ? RunStatus.Interrupted : RunStatus.Completed, epoch);
    }

    private static RunSummary Summary(RunStatus status, int epochs) => new()
    {
        Status = status,
        Epochs = epochs,
        Steps = epochs * 10,
        SamplesPerSecond = 1,
        Seconds = 1,
        RunDirectory = "runs/x",
    };
}
