using DistTrain.Core.Cluster;
using DistTrain.MultiNode.Tests.Harness;

namespace DistTrain.MultiNode.Tests.Soak;

/// <summary>
/// Does to a cluster whatever its seed says, one fault after the other. Each worker has a place with a proxy
/// before it, and whoever leaves a place is followed by another of the same name.
/// </summary>
internal sealed class RandomFaults(TestCluster cluster, IReadOnlyList<(string Name, LinkProxy Proxy)> places,
    Random random)
{
    private Action _heal = () => { };

    /// <summary>Faults so far, by name.</summary>
    public SortedDictionary<string, int> Played { get; } = new(StringComparer.Ordinal);

    /// <summary>Ends the last fault, if it is one that lasts, and plays another.</summary>
    /// <param name="withCoordinator">The coordinator may be the one.</param>
    public async Task NextAsync(bool withCoordinator)
    {
        Heal();
        (string name, LinkProxy proxy) = places[random.Next(places.Count)];
        string fault = Draw(withCoordinator);
        Played[fault] = Played.GetValueOrDefault(fault) + 1;
        cluster.Transcript.Add("fault", $"{fault} {name}");
        switch (fault)
        {
            case "kill":
                await cluster.Worker(name).KillAsync();
                cluster.StartWorker(name, proxy.Address);
                break;
            case "stop":
                cluster.Worker(name).Stop();
                _heal = cluster.Worker(name).Continue;
                break;
            case "cut":
                proxy.Cut();
                break;
            case "stall":
                proxy.Stall();
                _heal = proxy.Heal;
                break;
            case "drain":
                await DrainAsync(name, proxy);
                break;
            case "kill the coordinator":
                await cluster.Coordinator.KillAsync();
                await cluster.StartCoordinatorAsync();
                break;
            default:
                cluster.Coordinator.Terminate();
                await cluster.Coordinator.Ended.OrFail("the coordinator leaves");
                await cluster.StartCoordinatorAsync();
                break;
        }
    }

    /// <summary>Ends the last fault, if it is one that lasts.</summary>
    public void Heal()
    {
        _heal();
        _heal = () => { };
    }

    private string Draw(bool withCoordinator)
    {
        string[] faults = ["kill", "stop", "cut", "stall", "drain", "cut", "stop", "stall"];
        string[] all = [.. faults, "kill the coordinator", "end the coordinator"];
        string[] drawn = withCoordinator ? all : faults;
        return drawn[random.Next(drawn.Length)];
    }

    private async Task DrainAsync(string name, LinkProxy proxy)
    {
        CommandResult answer = await cluster.Client.DrainAsync(name);
        if (answer.Status != CommandStatus.Done)
        {
            // It is not back from the last fault yet.
            return;
        }

        await cluster.Worker(name).Ended.OrFail($"{name} leaves");
        cluster.StartWorker(name, proxy.Address);
    }
}
