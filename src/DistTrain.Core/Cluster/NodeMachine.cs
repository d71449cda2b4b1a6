using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>
/// A worker node's decisions: connecting and coming back, taking part in runs, leaving.
/// </summary>
public sealed class NodeMachine
{
    /// <param name="self">The node's name.</param>
    /// <param name="incarnation">Drawn at the start of the process.</param>
    /// <param name="description">What it has to offer.</param>
    public NodeMachine(NodeId self, long incarnation, NodeDescription description)
    {
        _ = (self, incarnation, description);
    }

    /// <summary>The run whose worker actor lives here; its messages go to that actor, no others.</summary>
    public RunId? ActiveRun { get; }

    /// <summary>To be called once, before anything is handled.</summary>
    public void Start(TimeSpan now, List<Effect> effects) => throw new NotSupportedException();

    /// <summary>Handles one message; effects are appended in the order they are to be performed.</summary>
    public void Handle(IMessage message, TimeSpan now, List<Effect> effects) => throw new NotSupportedException();
}
