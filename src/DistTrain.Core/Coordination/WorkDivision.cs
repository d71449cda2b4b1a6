using DistTrain.Core.Coordination.Pace;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The piece of work in hand (the shards of a step, or the chunks of an evaluation): who was asked for which
/// units, what is in, to whom the units of a lost worker go, and who has to be asked again.
/// </summary>
/// <param name="units">How many units there are.</param>
/// <param name="samples">Samples of a range of units; a unit without any is not needed.</param>
/// <param name="order">The message that asks for a range of them.</param>
/// <param name="paceOf">Where it is kept how fast a worker is at work of this kind.</param>
internal sealed class WorkDivision(
    int units, Func<ShardRange, int> samples, Func<ShardRange, IMessage> order,
    Func<RosterEntry, PaceMeter> paceOf)
{
    private readonly WorkLedger _ledger = new(units, unit => samples(new ShardRange(unit, unit + 1)) > 0);

    public bool IsComplete => _ledger.IsComplete;

    /// <summary>Units that went from one worker to another.</summary>
    public int Reassigned => _ledger.Reassigned;

    /// <summary>Sums over what is in.</summary>
    public (double LossSum, long Correct, long Count) Total => _ledger.Total();

    /// <summary>What the gradient noise is estimated from, once a step is complete.</summary>
    public (double SquaresPerSample, int Shards) Squares => _ledger.Squares();

    /// <summary>Asks everyone who stays for a part.</summary>
    /// <param name="shares">Ranges in the order of those who stay.</param>
    /// <param name="measured">True: the time this takes says how fast a worker is.</param>
    public void Start(
        WorkerRoster roster, IReadOnlyList<ShardRange> shares, bool measured, TimeSpan now,
        List<Effect> effects)
    {
        foreach (RosterEntry worker in roster.Workers)
        {
            worker.BeginWork(now);
        }
        for (int i = 0; i < shares.Count; i++)
        {
            if (!shares[i].IsEmpty)
            {
                roster.Staying[i].MeasuredSamples = measured ? samples(shares[i]) : 0;
                Ask(roster.Staying[i], shares[i], now, effects);
            }
        }
    }

    /// <summary>Enters what a worker delivered.</summary>
    public void Enter(
        RosterEntry worker, ShardRange range, IReadOnlyList<ShardResult> results, TimeSpan now)
    {
        _ledger.Enter(range, results);
        if (worker is { Owed: 0, MeasuredSamples: > 0, AskedAt: { } asked })
        {
            paceOf(worker).Observe((now - asked).TotalSeconds, worker.MeasuredSamples);
            worker.MeasuredSamples = 0;
        }
    }

    /// <summary>
    /// Divides what a lost worker still owed among those that took part and stay. False when there is nobody
    /// left: the work cannot be finished.
    /// </summary>
    public bool Reassign(RosterEntry lost, WorkerRoster roster, TimeSpan now, List<Effect> effects)
    {
        List<ShardRange> owed = _ledger.OwedBy(lost);
        List<RosterEntry> heirs = [.. roster.Staying.Where(worker => worker.TakesPart)];
        if (heirs.Count == 0)
        {
            return owed.Count == 0 && roster.Workers.Any(worker => worker.TakesPart);
        }
        foreach (ShardRange range in owed)
        {
            ShardRange[] parts = WorkerRoster.Divide(range.Count, heirs);
            for (int i = 0; i < parts.Length; i++)
            {
                if (!parts[i].IsEmpty)
                {
                    var part = new ShardRange(range.Start + parts[i].Start, range.Start + parts[i].End);
                    heirs[i].MeasuredSamples = 0;
                    heirs[i].Heard(now);
                    Ask(heirs[i], part, now, effects);
                }
            }
        }
        return true;
    }

    /// <summary>Asks again whoever has been silent for longer than it usually is.</summary>
    public void RepeatUnanswered(WorkerRoster roster, TimeSpan now, List<Effect> effects)
    {
        foreach (RosterEntry worker in roster.Workers)
        {
            if (worker.Owed == 0)
            {
                continue;
            }
            List<ShardRange> owed = _ledger.OwedBy(worker);
            var usual = TimeSpan.FromSeconds(paceOf(worker).SecondsPerSample * owed.Sum(samples));
            if (now - worker.QuietSince > PatiencePolicy.RepeatAfter(usual, worker.Repeats))
            {
                worker.Reminded(now);
                effects.AddRange(owed.Select(range => new Send(worker.Id, order(range))));
            }
        }
    }

    private void Ask(RosterEntry worker, ShardRange range, TimeSpan now, List<Effect> effects)
    {
        worker.Asked(now);
        _ledger.Assign(worker, range);
        effects.Add(new Send(worker.Id, order(range)));
    }
}
