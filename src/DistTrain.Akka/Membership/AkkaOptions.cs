using System.Net;

namespace DistTrain.Akka.Membership;

/// <summary>What a node is told about the Akka.NET cluster it belongs to.</summary>
public sealed record AkkaOptions
{
    /// <summary>Name or address by which the other nodes reach this one.</summary>
    public required string Host { get; init; }

    /// <summary>Port of Akka.Remote; on all addresses, unless the host is a loopback.</summary>
    public required int Port { get; init; }

    /// <summary>
    /// Nodes to join the cluster through, the same list in the same order everywhere. Only the first of them
    /// founds a cluster by itself; all should be coordinators.
    /// </summary>
    public required IReadOnlyList<DnsEndPoint> Seeds { get; init; }

    /// <summary>HOCON that goes before our own configuration; null: none.</summary>
    public string? Configuration { get; init; }
}
