using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using DistTrain.Cluster.Coordinator;
using DistTrain.Cluster.Worker;
using DistTrain.Telemetry.Catalogue;
using DistTrain.Telemetry.Export;
using DistTrain.Telemetry.Instruments;
using DistTrain.Telemetry.Scraping;
using OpenTelemetry.Resources;

namespace DistTrain.Telemetry;

/// <summary>
/// The metrics of one node or run: gives out whoever measures, answers scrapes, sends to a collector. With
/// neither scrapes nor a collector nothing listens, and a measurement costs the look at a null.
/// </summary>
public sealed class TelemetryHost : IAsyncDisposable
{
    /// <summary>Of all meters, and of the source of traces.</summary>
    public const string SourceName = "DistTrain";

    private readonly TelemetryOptions _options;
    private readonly Meter _meter;
    private readonly MetricCollector? _collector;
    private readonly MeterExport? _export;
    private readonly TraceExport? _traces;
    private readonly FreshView _view;
    private readonly Farewells _farewells = new();

    private TelemetryHost(TelemetryOptions options)
    {
        _options = options;
        _view = new FreshView(options.Time);
        _meter = NewMeter();
        if (options.IsScraped)
        {
            _collector = new MetricCollector(
                instrument => instrument.Meter.Scope == this || ProcessMetrics.IsKept(instrument));
        }
        if (options.Otlp.Metrics)
        {
            _export = new MeterExport(
                [SourceName, ProcessMetrics.Meter],
                instrument => instrument.Meter == _meter || ProcessMetrics.IsKept(instrument), Resource());
        }
        if (options.Otlp.Traces)
        {
            _traces = new TraceExport(SourceName, Resource());
        }
        NodeMetrics.Threads.Observe(_meter, () => [new Measurement<double>(CountThreads())]);
        NodeMetrics.Build.Observe(_meter, () => [new Measurement<double>(
            1, new(Labels.Release, options.Version), new(Labels.Role, options.Role))]);
        if (options.Devices is { } devices)
        {
            ObserveDevices(devices);
        }
    }

    public static TelemetryHost Start(TelemetryOptions options) => new(options);

    /// <summary>Measures a coordinator node.</summary>
    public CoordinatorMeter OfCoordinator() => new(_meter, _view, OfRun);

    /// <summary>Measures a worker node.</summary>
    public IWorkerWatch OfWorker() => new WorkerMeter(_meter);

    /// <summary>Measures a run; its series go when it is disposed.</summary>
    /// <param name="job">Its label.</param>
    public IRunWatch OfRun(string job)
    {
        Meter meter = NewMeter();
        if (!_options.Otlp.Metrics)
        {
            return new RunMeter(meter, job, _options.Time, meter.Dispose);
        }
        var export = new MeterExport([SourceName], instrument => instrument.Meter == meter, Resource());
        return new RunMeter(meter, job, _options.Time, () => _farewells.Add(() =>
        {
            export.Dispose();
            meter.Dispose();
        }));
    }

    /// <summary>The text of a scrape.</summary>
    /// <param name="accept">The scrape's Accept header: where it takes OpenMetrics, that is what it
    /// gets.</param>
    /// <param name="cancellation">The scrape was given up.</param>
    /// <returns>Content type and text.</returns>
    public async Task<(string ContentType, byte[] Text)> ScrapeAsync(
        string accept, CancellationToken cancellation)
    {
        await _view.RenewAsync(cancellation);
        bool isOpenMetrics = accept.Contains(
            "application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        string text = new PrometheusText(isOpenMetrics).Write(_collector?.Look() ?? []);
        string contentType = isOpenMetrics ? PrometheusText.OpenMetrics : PrometheusText.Plain;
        return (contentType, Encoding.UTF8.GetBytes(text));
    }

    public async ValueTask DisposeAsync()
    {
        _farewells.Add(() => _export?.Dispose());
        _farewells.Add(() => _traces?.Dispose());
        await _farewells.AllAsync();
        _collector?.Dispose();
        _meter.Dispose();
    }

    private static int CountThreads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private void ObserveDevices(Func<IReadOnlyList<DeviceMemory>> devices)
    {
        NodeMetrics.DeviceUsage.Observe(_meter, () =>
            from one in devices()
            let used = one.UsedBytes
            where used.HasValue
            select new Measurement<double>(used.Value, LabelOf(one)));
        NodeMetrics.DeviceLimit.Observe(_meter, () =>
            devices().Select(one => new Measurement<double>(one.LimitBytes, LabelOf(one))));

        static KeyValuePair<string, object?> LabelOf(DeviceMemory one) => new(Labels.Device, one.Device);
    }

    private Meter NewMeter()
        => new(new MeterOptions(SourceName) { Version = _options.Version, Scope = this });

    /// <summary>What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say is stronger.</summary>
    private ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService($"disttrain-{_options.Role}", null, _options.Version, false, _options.Instance)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
