using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;

namespace DistTrain.Core.Tests.Simulation.Faults;

/// <summary>
/// A place to break things on purpose: what the machines are told and what they want done passes through
/// here. This one breaks nothing.
/// </summary>
internal class Mutation
{
    public static readonly Mutation None = new();

    public virtual bool IgnoresChecksums => false;

    public virtual bool TakesOldest => false;

    /// <summary>What a run's coordinator machine is told; null: nothing.</summary>
    public virtual IMessage? ToRun(IMessage message, CoordinatorMachine machine) => message;

    public virtual IEnumerable<Effect> FromRun(List<Effect> effects) => effects;

    public virtual IMessage? ToWorker(IMessage message) => message;

    public virtual IEnumerable<Effect> FromWorker(List<Effect> effects) => effects;

    /// <summary>
    /// Whether a worker's data plane takes whatever weights it holds for those that are wanted.
    /// </summary>
    public virtual bool TakesAnyWeights => false;

    public virtual IEnumerable<Effect> FromCluster(List<Effect> effects) => effects;

    /// <summary>
    /// What the coordinator's host makes the cluster machine believe besides, after an effect.
    /// </summary>
    public virtual IMessage? RumourAfter(Effect effect) => null;

    /// <summary>What a node's host makes the node machine believe instead of doing what it wants.</summary>
    public virtual IMessage? InsteadOf(Effect effect) => null;
}
