using System.Net;
using DistTrain.Core.Engine;
using DistTrain.Core.Membership;
using DistTrain.Data.Loading;
using DistTrain.Net.Links;

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

    /// <summary>Lines for people.</summary>
    public required Action<string> Say { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
