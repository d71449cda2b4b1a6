using DistTrain.Core.Coordination;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Worker;

/// <summary>
/// Whoever measures a worker node without a say in it. Calls come from the node's mailbox and from the
/// worker's thread, which wait for them: note what happened and return.
/// </summary>
public interface IWorkerWatch
{
    /// <summary>The node has this link now; null: none.</summary>
    void OnLink(ILink? link) { }

    /// <summary>The gradient of a subtree is handed to the link.</summary>
    void OnPublished(SubtreeReady subtree) { }
}
