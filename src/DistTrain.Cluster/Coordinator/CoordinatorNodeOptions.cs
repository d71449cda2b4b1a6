using System.Net;
using DistTrain.Api;
using DistTrain.Core.Cluster;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;
using DistTrain.Data.Loading;
using DistTrain.Net.Links;
using DistTrain.Runtime.Actors;

namespace DistTrain.Cluster.Coordinator;

/// <summary>What a coordinator node is told at its start.</summary>
public sealed record CoordinatorNodeOptions
{
    /// <summary>Where workers connect; port 0: any free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Everything that outlives the process.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Name, version, token and TLS of its links.</summary>
    public required LinkOptions Link { get; init; }

    public FailureDetectorOptions Detector { get; init; } = new();

    /// <summary>Where data sets lie.</summary>
    public required DatasetPlaces Places { get; init; }

    /// <summary>Builds the engine; called for models that come as files only.</summary>
    public required Func<IEngine> Engine { get; init; }

    /// <summary>Threads that sum gradients and update weights.</summary>
    public int Threads { get; init; } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>Measures the node; null: nobody does.</summary>
    public ICoordinatorWatch? Watch { get; init; }

    /// <summary>Lines for people.</summary>
    public required Action<string> Say { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes what the node's own actors live in; owned by the node.</summary>
    public Func<TimeProvider, IActorHost> Host { get; init; } = time => new InProcessHost(time);

    /// <summary>
    /// Stands between the listener and the sessions: takes what makes a session's end of a link, and gives
    /// what makes the listener's. Where control messages travel by another way, they are joined here.
    /// </summary>
    public Func<Func<ILink, ILinkHandler>, Func<ILink, ILinkHandler>> Reception { get; init; } =
        sessionOf => sessionOf;

    /// <summary>
    /// Hears what happens to each job, one event at a time for a job, from its mailbox: must return quickly.
    /// null: nobody does.
    /// </summary>
    public Action<JobId, JobEvent>? Told { get; init; }
}
