namespace DistTrain.Cli.Nodes;

/// <summary>What the node commands run, once everything they were told has been checked.</summary>
internal interface INodeLauncher
{
    /// <summary>Runs a coordinator until it is asked to stop.</summary>
    /// <param name="settings">Checked.</param>
    /// <param name="notice">Takes lines for people.</param>
    /// <param name="listening">Is called once, with the addresses that both ports really have.</param>
    /// <param name="stop">Asks it to save and leave.</param>
    /// <exception cref="Core.DistTrainException">It cannot run, or could not go on.</exception>
    Task RunCoordinatorAsync(
        CoordinatorSettings settings, Action<string> notice, Action<CoordinatorAddresses> listening,
        CancellationToken stop);

    /// <summary>Runs a worker until it is asked to stop.</summary>
    /// <param name="settings">Checked.</param>
    /// <param name="notice">Takes lines for people.</param>
    /// <param name="joined">Is called once, when the coordinator has first taken it in.</param>
    /// <param name="stop">Asks it to leave.</param>
    /// <exception cref="Core.DistTrainException">It cannot run, or could not go on.</exception>
    Task RunWorkerAsync(
        WorkerSettings settings, Action<string> notice, Action joined, CancellationToken stop);
}

/// <param name="Listen">Where workers connect, ADDR:PORT.</param>
/// <param name="Http">Where the API is.</param>
internal sealed record CoordinatorAddresses(string Listen, Uri Http);
