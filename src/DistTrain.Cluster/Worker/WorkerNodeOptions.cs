using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Data.Loading;
using DistTrain.Net.Links;
using DistTrain.Runtime.Actors;

namespace DistTrain.Cluster.Worker;

/// <summary>What a worker node is told at its start.</summary>
public sealed record WorkerNodeOptions
{
    /// <summary>The node's name, unique in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Host and port of the coordinator's link listener.</summary>
    public required string CoordinatorHost { get; init; }
    public required int CoordinatorPort { get; init; }

    /// <summary>"cpu" or "cuda:N".</summary>
    public required string Device { get; init; }

    /// <summary>Processors this node may use; a job that wants more threads per worker is refused.</summary>
    public required int Threads { get; init; }

    /// <summary>Memory of the device, in bytes; told to the cluster.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Where its own copies of data sets lie, and where fetched ones are kept.</summary>
    public required DatasetPlaces Places { get; init; }

    /// <summary>Name, version, token and TLS of its link.</summary>
    public required LinkOptions Link { get; init; }

    /// <summary>Builds the engine, once, when the first job comes or the node describes itself.</summary>
    public required Func<IEngine> Engine { get; init; }

    /// <summary>Called each time a coordinator takes the node in.</summary>
    public Action Joined { get; init; } = () => { };

    /// <summary>Measures the node; null: nobody does.</summary>
    public IWorkerWatch? Watch { get; init; }

    /// <summary>Lines for people.</summary>
    public required Action<string> Say { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes what the node's own actors live in; owned by the node.</summary>
    public Func<TimeProvider, IActorHost> Host { get; init; } = time => new InProcessHost(time);

    /// <summary>
    /// Opens a link to whoever coordinates now, with the handler that is made for it, and faults as
    /// <see cref="LinkConnector"/> does; null: over TCP to the coordinator's address.
    /// </summary>
    public Func<Func<ILink, ILinkHandler>, CancellationToken, Task>? Connect { get; init; }
}
