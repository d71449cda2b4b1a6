namespace DistTrain.Telemetry.Catalogue;

/// <summary>Every metric there is, by who tells it.</summary>
public static class MetricCatalogue
{
    /// <summary>A run: at its coordinator, and in <c>disttrain train</c>.</summary>
    public static IReadOnlyList<MetricDefinition> Run => RunMetrics.All;

    /// <summary>A coordinator, of its cluster.</summary>
    public static IReadOnlyList<MetricDefinition> Coordinator => NodeMetrics.Coordinator;

    /// <summary>A worker, of itself.</summary>
    public static IReadOnlyList<MetricDefinition> Worker => NodeMetrics.OfWorker;

    /// <summary>A worker or a <c>disttrain train</c> that computes on GPUs.</summary>
    public static IReadOnlyList<MetricDefinition> Gpu => NodeMetrics.OfDevices;

    /// <summary>Every process.</summary>
    public static IReadOnlyList<MetricDefinition> Process { get; } =
        [NodeMetrics.Build, NodeMetrics.Threads, .. ProcessMetrics.All];
}
