using DistTrain.Core;

namespace DistTrain.Cli.Nodes;

/// <summary>Runs the nodes that this build of the program contains.</summary>
internal sealed class NodeLauncher : INodeLauncher
{
    public Task RunCoordinatorAsync(
        CoordinatorSettings settings, Action<string> notice, Action<CoordinatorAddresses> listening,
        CancellationToken stop)
        => throw new RunFaultException("this build contains no coordinator");

    public Task RunWorkerAsync(
        WorkerSettings settings, Action<string> notice, Action joined, CancellationToken stop)
        => throw new RunFaultException("this build contains no worker");
}
