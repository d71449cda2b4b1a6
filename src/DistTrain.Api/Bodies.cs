using System.Text.Json;
using DistTrain.Core.Cluster;

namespace DistTrain.Api;

// Bodies of requests and replies that are not views of their own.

/// <summary>The body of a submission. A job file alone will do as well.</summary>
public sealed record SubmitBody
{
    /// <summary>
    /// The job: an object, or a string with the text of a job file, whose lines messages then count.
    /// </summary>
    public required JsonElement Job { get; init; }

    /// <summary>The job's name in messages about its faults.</summary>
    public string? Source { get; init; }

    /// <summary>Overrides, each as path=value.</summary>
    public IReadOnlyList<string>? Set { get; init; }
}

/// <param name="Workers">The new maximum, from 1.</param>
public sealed record ScaleBody(int? Workers);

/// <param name="Jobs">In the order of submission.</param>
public sealed record JobList(IReadOnlyList<JobView> Jobs);

/// <summary>A command that was carried out, or accepted to be.</summary>
public sealed record CommandReply(CommandStatus Status, string Text);

/// <param name="Status">"live" or "ready".</param>
public sealed record HealthReply(string Status);
