using System.Diagnostics.Metrics;

namespace DistTrain.Telemetry.Catalogue;

/// <summary>
/// What .NET says of the process, of its meter <c>System.Runtime</c>: the part that tells a full machine from
/// a leak. The working set holds libtorch's memory too.
/// </summary>
internal static class ProcessMetrics
{
    public const string Meter = "System.Runtime";

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new("dotnet.process.cpu.time", MetricKind.Counter, "s", "Processor time.", ["cpu_mode"]),
        new("dotnet.process.memory.working_set", MetricKind.Gauge, "By", "Memory in RAM, native included.",
            []),
        new("dotnet.gc.collections", MetricKind.Counter, "{collection}", "Collections of garbage.",
            ["gc_heap_generation"]),
        new("dotnet.gc.heap.total_allocated", MetricKind.Counter, "By",
            "Bytes allocated on the managed heap.", []),
        new("dotnet.gc.pause.time", MetricKind.Counter, "s", "Time the collector has stopped the process.",
            []),
    ];

    private static readonly HashSet<string> Names = [.. All.Select(metric => metric.Name)];

    public static bool IsKept(Instrument instrument)
        => instrument.Meter.Name == Meter && Names.Contains(instrument.Name);
}
