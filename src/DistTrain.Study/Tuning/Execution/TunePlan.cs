using DistTrain.Core.Jobs;
using DistTrain.Study.Tuning.Samplers;
using DistTrain.Study.Tuning.Spaces;

namespace DistTrain.Study.Tuning.Execution;

/// <summary>What a search is to do.</summary>
public sealed record TunePlan
{
    public required SearchSpace Space { get; init; }
    public required ISampler Sampler { get; init; }
    public required Objective Objective { get; init; }

    /// <summary>
    /// The job of a point, by the values that the command line would give; throws where they do not go
    /// together.
    /// </summary>
    public required Func<IReadOnlyList<JobOverride>, JobSpec> JobOf { get; init; }

    /// <summary>Trials, refused ones not counted.</summary>
    public required int Trials { get; init; }

    /// <summary>Whether trials are given up by successive halving.</summary>
    public required bool Halving { get; init; }

    /// <summary>Most workers of one trial. They change no result, so few make most of a machine.</summary>
    public required int WorkersPerTrial { get; init; }
}
