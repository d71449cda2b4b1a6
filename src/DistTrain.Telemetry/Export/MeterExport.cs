using System.Diagnostics.Metrics;
using DistTrain.Telemetry.Catalogue;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace DistTrain.Telemetry.Export;

/// <summary>
/// Sends over OTLP what the meters that belong to it measure, from a thread of its own. One for the node, and
/// one for each run: OpenTelemetry's SDK never forgets a series, and so goes itself with its run.
/// </summary>
internal sealed class MeterExport : IDisposable
{
    /// <summary>
    /// The last of a run is worth so much waiting, and no more, where no collector answers.
    /// </summary>
    private const int PatienceMilliseconds = 2000;

    private readonly MeterProvider _provider;

    /// <param name="names">Names of meters to look at.</param>
    /// <param name="wanted">Which of their instruments are sent.</param>
    /// <param name="resource">Who sends.</param>
    public MeterExport(IReadOnlyList<string> names, Func<Instrument, bool> wanted, ResourceBuilder resource)
        => _provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. names])
            .AddView(instrument => wanted(instrument) ? null : MetricStreamConfiguration.Drop)
            .AddOtlpExporter()
            .Build();

    /// <summary>Sends the last; waits for two seconds at most.</summary>
    public void Dispose()
    {
        _provider.Shutdown(PatienceMilliseconds);
        _provider.Dispose();
    }
}
