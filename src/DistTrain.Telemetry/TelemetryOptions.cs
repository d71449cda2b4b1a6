using DistTrain.Telemetry.Export;

namespace DistTrain.Telemetry;

/// <summary>Who measures, and where that goes.</summary>
public sealed record TelemetryOptions
{
    /// <summary>"coordinator", "worker" or "train": a label, and a part of the service's name.</summary>
    public required string Role { get; init; }

    /// <summary>Name of this node or run among others of its role; service.instance.id.</summary>
    public required string Instance { get; init; }

    /// <summary>Of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Whether metrics are kept for scrapes.</summary>
    public required bool IsScraped { get; init; }

    /// <summary>Asks the devices that the process computes on, at every scrape; null: it has none but the
    /// processor.</summary>
    public Func<IReadOnlyList<DeviceMemory>>? Devices { get; init; }

    /// <summary>What is sent to a collector.</summary>
    public OtlpSwitch Otlp { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
