using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DistTrain.Telemetry.Export;

/// <summary>
/// Sends over OTLP the spans of a source, in batches, from a thread of its own. What does not fit its bounded
/// queue is dropped, so that no collector can hold up a step.
/// </summary>
internal sealed class TraceExport(string source, ResourceBuilder resource) : IDisposable
{
    private const int PatienceMilliseconds = 2000;

    private readonly TracerProvider _provider = Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(resource)
        .AddSource(source)
        .AddOtlpExporter()
        .Build();

    /// <summary>Sends the last; waits for two seconds at most.</summary>
    public void Dispose()
    {
        _provider.Shutdown(PatienceMilliseconds);
        _provider.Dispose();
    }
}
