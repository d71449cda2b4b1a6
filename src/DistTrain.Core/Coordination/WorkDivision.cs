using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The piece of work in hand (the shards of a step, or the chunks of an evaluation): who was asked for which
/// units, what is in, and to whom the units of a lost worker go.
/// </summary>
/// <param name="units">How many units there are.</param>
/// <param name="needed">False for units that hold no samples.</param>
/// <param name="order">The message that asks for a range of them.</param>
internal sealed class WorkDivision(int units, Func<int, bool> needed, Func<ShardRange, IMessage> order)
{
    public WorkLedger Ledger { get; } = new(units, needed);

    /// <summary>Divides all units among the workers.</summary>
    public void Start(WorkerRoster roster, List<Effect> effects)
        => Ask(roster, new ShardRange(0, units), effects);

    /// <summary>Divides what a lost worker still owed among those that are left.</summary>
    public void Reassign(ActorId lost, WorkerRoster roster, List<Effect> effects)
    {
        foreach (ShardRange owed in Ledger.OwedBy(lost))
        {
            Ask(roster, owed, effects);
        }
    }

    private void Ask(WorkerRoster roster, ShardRange range, List<Effect> effects)
    {
        foreach ((ActorId worker, ShardRange part) in roster.Divide(range.Count))
        {
            var own = new ShardRange(range.Start + part.Start, range.Start + part.End);
            Ledger.Assign(worker, own);
            effects.Add(new Send(worker, order(own)));
        }
    }
}
