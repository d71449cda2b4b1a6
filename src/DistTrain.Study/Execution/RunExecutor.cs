using System.Runtime.ExceptionServices;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Study.Launching;

namespace DistTrain.Study.Execution;

/// <summary>
/// Makes runs, several side by side where workers allow, in the order their source gives them: a run that
/// needs many workers is not overtaken for ever by small ones. A run that diverges or fails is a result; what
/// cannot be run at all, a full disk or a lost cluster ends everything: the other runs save, and whoever
/// comes back goes on from there.
/// </summary>
/// <param name="launcher">Carries them out.</param>
/// <param name="metric">What runs are judged by.</param>
/// <param name="watcher">Sees them.</param>
public sealed class RunExecutor(IRunLauncher launcher, StoppingMetric metric, IRunsWatcher watcher)
{
    private readonly Lock _gate = new();
    private readonly IRunsWatcher _watcher = watcher;

    /// <summary>Makes runs until the source has no more and all have ended.</summary>
    /// <param name="source">Gives them.</param>
    /// <param name="cancellation">Ends it early: no run is begun any more, those under way save.</param>
    /// <returns>False: it was ended early.</returns>
    /// <exception cref="DistTrainException">A run could not be made.</exception>
    public async Task<bool> RunAsync(IRunSource source, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        List<ActiveRun> active = [];
        PlannedRun? waiting = null;
        ExceptionDispatchInfo? fault = null;
        while (true)
        {
            while (!stop.IsCancellationRequested && (waiting ??= Ask(source)) is { } next
                && Fits(next, active))
            {
                active.Add(Start(next, source, stop.Token));
                waiting = null;
            }

            if (active.Count == 0)
            {
                fault?.Throw();
                return !cancellation.IsCancellationRequested;
            }

            await Task.WhenAny(active.Select(run => run.Task));
            ActiveRun ended = active.Find(run => run.Task.IsCompleted)!;
            active.Remove(ended);
            try
            {
                Finish(await ended.Task, source, stop.IsCancellationRequested);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // It had not begun.
            }
            catch (Exception e)
            {
                fault ??= ExceptionDispatchInfo.Capture(e);
                await stop.CancelAsync();
            }
        }
    }

    private sealed record ActiveRun(int Workers, Task<RunEnd> Task);

    private PlannedRun? Ask(IRunSource source)
    {
        lock (_gate)
        {
            return source.Next();
        }
    }

    /// <summary>A run that asks for more workers than there are has all of them to itself.</summary>
    private int WorkersFor(PlannedRun run) => Math.Clamp(run.Request.Job.Workers.Max, 1, launcher.Workers);

    private bool Fits(PlannedRun run, List<ActiveRun> active)
        => active.Sum(other => other.Workers) + WorkersFor(run) <= launcher.Workers;

    private ActiveRun Start(PlannedRun run, IRunSource source, CancellationToken stop)
    {
        lock (_gate)
        {
            _watcher.OnStarted(run);
        }

        return new ActiveRun(WorkersFor(run), MakeAsync(run, source, stop));
    }

    private async Task<RunEnd> MakeAsync(PlannedRun run, IRunSource source, CancellationToken stop)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var trace = new RunTrace(metric);
        var eyes = new Eyes(this, run, source, trace, own);
        var summary = await launcher.RunAsync(run.Request, eyes, own.Token);
        bool givenUp = eyes.GaveUp && summary.Status == RunStatus.Interrupted;
        if (givenUp)
        {
            await launcher.AbandonAsync(run.Request, CancellationToken.None);
        }

        return new RunEnd(run, summary, trace, givenUp);
    }

    private void Finish(RunEnd end, IRunSource source, bool stopping)
    {
        if (end.Summary.Status == RunStatus.Interrupted && !end.GivenUp)
        {
            if (!stopping)
            {
                throw new RunFaultException(
                    $"{end.Run.Request.Name}: the run was stopped from outside; start the study again to go "
                    + "on with it");
            }

            return;
        }

        lock (_gate)
        {
            source.OnFinished(end);
            _watcher.OnFinished(end);
        }
    }

    /// <summary>A run's observer: brings what it hears to all who want to know.</summary>
    private sealed class Eyes(
        RunExecutor executor, PlannedRun run, IRunSource source, RunTrace trace, CancellationTokenSource own)
        : IRunObserver
    {
        public bool GaveUp { get; private set; }

        public void OnStarted(RunStarted started) => trace.OnStarted(started);

        public void OnStep(StepMetrics step)
        {
            trace.OnStep(step);
            lock (executor._gate)
            {
                executor._watcher.OnStep(run, step);
            }
        }

        public void OnEpoch(EpochMetrics epoch)
        {
            trace.OnEpoch(epoch);
            lock (executor._gate)
            {
                executor._watcher.OnEpoch(run, epoch);
                if (GaveUp || IsLast(epoch) || source.GoesOn(run, epoch))
                {
                    return;
                }

                GaveUp = true;
            }

            own.Cancel();
        }

        public void OnValidation(ValidationPoint validation) => trace.OnValidation(validation);

        /// <summary>
        /// Whether the run ends with this epoch by itself, at its target perhaps: nothing is left to give up.
        /// </summary>
        private bool IsLast(EpochMetrics epoch)
        {
            JobSpec job = run.Request.Job;
            return epoch.Epoch >= job.Epochs || epoch.Step >= job.MaxSteps
                || (job.Target is { Stop: true } target && trace.Best is { } best
                    && !RunTrace.IsBetter(target.Metric, target.Value, best));
        }
    }
}
