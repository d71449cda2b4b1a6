using DistTrain.Cli.Settings;

namespace DistTrain.Cli.Nodes;

/// <summary>What carries membership and control messages.</summary>
internal enum ClusterKind { Tcp, Akka }

/// <summary>What a node was told about its Akka.NET cluster, checked.</summary>
/// <param name="Host">Where the others reach this node.</param>
/// <param name="Port">Of Akka.NET.</param>
/// <param name="Seeds">At least one.</param>
/// <param name="ConfigPath">HOCON; null: none.</param>
internal sealed record AkkaSettings(
    string Host, int Port, IReadOnlyList<NodeAddress> Seeds, string? ConfigPath)
{
    /// <summary>Others on the network can reach the port.</summary>
    public bool IsOpen => !new NodeAddress(Host, Port).IsLoopback;

    /// <summary>null: the cluster is one of TCP, or a problem was found.</summary>
    /// <param name="settings">Values, each readable.</param>
    /// <param name="checks">Takes problems.</param>
    /// <param name="founds">A node that without seeds founds a cluster of its own.</param>
    public static AkkaSettings? From(EffectiveSettings settings, SettingChecks checks, bool founds)
    {
        if (settings.Get(SettingTable.Cluster) != ClusterKind.Akka)
        {
            foreach (Setting alone in (Setting[])[SettingTable.SeedNode, SettingTable.AkkaConfig])
            {
                if (settings.IsSet(alone))
                {
                    checks.Add(alone, "means something only with --cluster akka");
                }
            }

            return null;
        }

        if (AkkaNodes.WhyNot is { } missing)
        {
            checks.Add(SettingTable.Cluster, missing);
            return null;
        }

        string host = settings.Get(SettingTable.AkkaHost);
        int port = settings.Get(SettingTable.AkkaPort);
        if (!settings.IsSet(SettingTable.SeedNode) && !founds)
        {
            checks.Add(SettingTable.Cluster, "a worker needs --seed-node HOST:PORT to find its cluster");
        }

        return new AkkaSettings(
            host, port,
            settings.IsSet(SettingTable.SeedNode)
                ? settings.Get(SettingTable.SeedNode) : [new NodeAddress(host, port)],
            checks.ReadableFile(SettingTable.AkkaConfig));
    }
}
