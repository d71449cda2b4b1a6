using DistTrain.Core.Coordination;
using DistTrain.Study.Execution;

namespace DistTrain.Cli.Study;

/// <summary>A run under way, as a progress display shows it.</summary>
/// <param name="Name">The run's.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="Epoch">1-based; 0 before the first step.</param>
/// <param name="Epochs">To train.</param>
/// <param name="Loss">Of the last step; NaN before it.</param>
/// <param name="SamplesPerSecond">Since it began; 0 before the first step.</param>
internal sealed record RunUnderWay(
    string Name, long Step, int Epoch, int Epochs, double Loss, double SamplesPerSecond);

/// <summary>Many runs at one moment.</summary>
/// <param name="Total">Runs in all; null: nobody knows yet.</param>
/// <param name="Done">Ended, whatever came of them.</param>
/// <param name="Failed">Of those, diverged or failed.</param>
/// <param name="GivenUp">Of those, given up.</param>
/// <param name="UnderWay">In the order they began.</param>
/// <param name="Elapsed">Since the first began.</param>
/// <param name="Left">About how long it will still take; null: nothing to go by.</param>
internal sealed record RunsSnapshot(
    int? Total, int Done, int Failed, int GivenUp, IReadOnlyList<RunUnderWay> UnderWay, TimeSpan Elapsed,
    TimeSpan? Left);

/// <summary>
/// Keeps count of many runs, for whoever shows them. What is left is told from the samples a second that runs
/// of the same batch were measured at, evaluation and saving included.
/// </summary>
/// <param name="total">Runs in all; null: nobody knows.</param>
/// <param name="capacity">Workers that may be busy at once.</param>
/// <param name="waiting">Runs not begun, each with the samples it will train on; null: not known.</param>
/// <param name="measured">What is known from before.</param>
/// <param name="time">The clock.</param>
internal sealed class RunsProgress(
    int? total, int capacity, Func<IReadOnlyList<(PlannedRun Run, double Samples)>?> waiting,
    TimeEstimate measured, TimeProvider time)
{
    private readonly List<Active> _active = [];
    private readonly long _start = time.GetTimestamp();
    private int _done;
    private int _failed;
    private int _givenUp;

    public void Started(PlannedRun run) => _active.Add(new Active(run, time.GetTimestamp()));

    public void Stepped(PlannedRun run, StepMetrics step)
    {
        if (Find(run) is { } active)
        {
            active.Last = step;
            active.Samples += step.Samples;
        }
    }

    public void Ended(RunEnd end)
    {
        if (Find(end.Run) is { } active)
        {
            measured.Add(
                end.Run.Request.Job.Batch.Global, end.Run.Request.Job.Workers.Max, active.Samples,
                time.GetElapsedTime(active.Began).TotalSeconds);
            _active.Remove(active);
        }

        _done++;
        _failed += end.Summary.Status == RunStatus.Failed ? 1 : 0;
        _givenUp += end.GivenUp ? 1 : 0;
    }

    public RunsSnapshot Now() => new(
        total, _done, _failed, _givenUp, [.. _active.Select(Shown)], time.GetElapsedTime(_start), Left());

    private sealed class Active(PlannedRun run, long began)
    {
        public PlannedRun Run => run;

        public long Began => began;

        public StepMetrics? Last { get; set; }

        public long Samples { get; set; }
    }

    private Active? Find(PlannedRun run) => _active.Find(active => active.Run.Key == run.Key);

    private RunUnderWay Shown(Active active)
    {
        double seconds = time.GetElapsedTime(active.Began).TotalSeconds;
        return new RunUnderWay(
            active.Run.Request.Name, (active.Last?.Step + 1) ?? 0, active.Last?.Epoch ?? 0,
            active.Run.Request.Job.Epochs, active.Last?.Loss ?? double.NaN,
            active.Last is null || seconds <= 0 ? 0 : active.Samples / seconds);
    }

    private TimeSpan? Left()
    {
        if (waiting() is not { } others)
        {
            return null;
        }

        TimeEstimate known = measured.With(_active
            .Where(active => active.Samples > 0)
            .Select(active => (active.Run.Request.Job, (double)active.Samples,
                time.GetElapsedTime(active.Began).TotalSeconds)));
        double workerSeconds = 0;
        foreach (var (run, samples) in others)
        {
            double seen = Find(run)?.Samples ?? 0;
            if (known.SecondsFor(run.Request.Job, Math.Max(0, samples - seen)) is not { } seconds)
            {
                return null;
            }

            workerSeconds += seconds * Math.Clamp(run.Request.Job.Workers.Max, 1, capacity);
        }

        return TimeSpan.FromSeconds(workerSeconds / capacity);
    }
}
