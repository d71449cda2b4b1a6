using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// What became of one worker's time over some steps, as shares of the steps it had a part in.
/// </summary>
/// <param name="Worker">Its name.</param>
/// <param name="Steps">Steps it had a part in.</param>
/// <param name="Shards">Shards of a step, on average.</param>
/// <param name="Compute">Gather, forward, backward and sums.</param>
/// <param name="Exchange">Orders, weights and gradients under way.</param>
/// <param name="Waiting">For the others, sum and update; before its order as well.</param>
/// <param name="Last">Steps in which it answered last, of those that had several workers.</param>
/// <param name="HeldUp">How long the others waited for it then, all steps together.</param>
public sealed record WorkerShare(
    string Worker, int Steps, double Shards, double Compute, double Exchange, double Waiting, int Last,
    TimeSpan HeldUp);

/// <summary>Where the time of some steps went.</summary>
/// <param name="Steps">How many.</param>
/// <param name="Elapsed">All of them together.</param>
/// <param name="Samples">In their global batches.</param>
/// <param name="Computing">Share of the time until the last subtree was in.</param>
/// <param name="Reducing">Share of sum and norm.</param>
/// <param name="Updating">Share of the optimizer.</param>
/// <param name="Workers">By name.</param>
public sealed record TimeShares(
    int Steps, TimeSpan Elapsed, long Samples, double Computing, double Reducing, double Updating,
    IReadOnlyList<WorkerShare> Workers)
{
    /// <summary>Waiting that costs less than this share of the time is not worth a word.</summary>
    private const double Notable = 0.05;

    /// <summary>A worker that answers last in fewer of its steps than this is so by chance.</summary>
    private const double Mostly = 2.0 / 3;

    public double SamplesPerSecond => Elapsed > TimeSpan.Zero ? Samples / Elapsed.TotalSeconds : 0;

    /// <summary>
    /// The worker the others wait for, step after step; null: there is none such.
    /// </summary>
    public WorkerShare? Slowest
        => Workers.MaxBy(worker => worker.HeldUp) is { } slowest && IsNotable(slowest.HeldUp)
            && slowest.Last >= Mostly * slowest.Steps ? slowest : null;

    /// <summary>What there is to say of that, as a sentence.</summary>
    public string Verdict => Slowest is { } slowest
        ? $"The others wait for {slowest.Worker}: it answered last in {slowest.Last} of {slowest.Steps} "
            + $"steps, and cost them {100 * slowest.HeldUp / Elapsed:0} % of the time."
        : Workers.Count < 2
            ? "There was one worker, so nobody waited for another."
            : IsNotable(HeldUp)
                ? $"Workers wait for one another by turns, {100 * HeldUp / Elapsed:0} % of the time."
                : "No worker keeps the others waiting for long.";

    private TimeSpan HeldUp => new(Workers.Sum(worker => worker.HeldUp.Ticks));

    public static TimeShares Of(IReadOnlyList<TimelineStep> steps)
    {
        var tallies = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        TimeSpan computing = default, reducing = default, updating = default;
        long samples = 0;
        foreach (TimelineStep step in steps)
        {
            computing += step.Times.Computing;
            reducing += step.Times.Reducing;
            updating += step.Times.Updating;
            samples += step.Samples;
            foreach (WorkerTimes worker in step.Times.Workers)
            {
                if (!tallies.TryGetValue(worker.Worker, out Tally? tally))
                {
                    tallies.Add(worker.Worker, tally = new Tally());
                }

                tally.Add(worker, step.Times.Elapsed);
            }

            if (LastOf(step.Times.Workers) is var (last, lead))
            {
                tallies[last].HoldsUp(lead);
            }
        }

        TimeSpan elapsed = computing + reducing + updating;
        return new TimeShares(
            steps.Count, elapsed, samples, Share(computing, elapsed), Share(reducing, elapsed),
            Share(updating, elapsed), [.. tallies.Select(pair => pair.Value.Total(pair.Key))]);
    }

    /// <summary>
    /// Who answered last, and how long after the one before; null: there was nobody to wait for it.
    /// </summary>
    public static (string Worker, TimeSpan Lead)? LastOf(IReadOnlyList<WorkerTimes> workers)
    {
        if (workers.Count < 2)
        {
            return null;
        }

        WorkerTimes last = workers[0];
        TimeSpan before = TimeSpan.Zero;
        for (int i = 1; i < workers.Count; i++)
        {
            TimeSpan earlier = workers[i].Answered > last.Answered ? last.Answered : workers[i].Answered;
            before = earlier > before ? earlier : before;
            last = workers[i].Answered > last.Answered ? workers[i] : last;
        }

        return (last.Worker, last.Answered - before);
    }

    private bool IsNotable(TimeSpan heldUp) => heldUp > TimeSpan.Zero && heldUp >= Notable * Elapsed;

    private static double Share(TimeSpan part, TimeSpan whole) => whole > TimeSpan.Zero ? part / whole : 0;

    private sealed class Tally
    {
        private int _steps;
        private long _shards;
        private TimeSpan _compute;
        private TimeSpan _exchange;
        private TimeSpan _waiting;
        private TimeSpan _elapsed;
        private int _last;
        private TimeSpan _heldUp;

        public void Add(WorkerTimes worker, TimeSpan step)
        {
            _steps++;
            _shards += worker.Shards.Count;
            _compute += worker.Compute;
            _exchange += worker.Exchange;
            _waiting += worker.Ordered + worker.Waiting;
            _elapsed += step;
        }

        public void HoldsUp(TimeSpan lead)
        {
            _last++;
            _heldUp += lead;
        }

        public WorkerShare Total(string worker) => new(
            worker, _steps, _steps > 0 ? (double)_shards / _steps : 0, Share(_compute, _elapsed),
            Share(_exchange, _elapsed), Share(_waiting, _elapsed), _last, _heldUp);
    }
}
