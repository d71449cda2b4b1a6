using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DistTrain.MultiNode.Tests.Harness;

namespace DistTrain.Akka.Tests.Processes;

/// <summary>Options of nodes that are members of one Akka.NET cluster.</summary>
internal static class AkkaClusterOptions
{
    /// <param name="coordinators">Names of all that can be the coordinator; they are the seeds.</param>
    /// <param name="options">What else they are told.</param>
    /// <param name="hostOf">Where each node is; null: all on this machine.</param>
    public static ClusterOptions Of(
        string[] coordinators, ClusterOptions? options = null, Func<string, IPAddress>? hostOf = null)
    {
        hostOf ??= _ => IPAddress.Loopback;
        var ports = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        string seeds = string.Join(',', coordinators.Select(name => $"{hostOf(name)}:{PortOf(name)}"));
        return (options ?? new ClusterOptions()) with
        {
            NodeOptions = name =>
            [
                "--cluster", "akka", "--akka-host", $"{hostOf(name)}", "--akka-port", $"{PortOf(name)}",
                "--seed-node", seeds,
            ],
        };

        int PortOf(string name) => ports.GetOrAdd(name, _ => FreePort());
    }

    /// <summary>A port that nobody has; the same for a node that is started again.</summary>
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
