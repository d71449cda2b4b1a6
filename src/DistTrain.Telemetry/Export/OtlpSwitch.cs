namespace DistTrain.Telemetry.Export;

/// <summary>
/// Whether OpenTelemetry's standard variables ask for an export: an endpoint is named, for both signals or
/// for
/// one, and the signal is not turned off. What else they say (protocol, headers, interval, sampler, resource)
/// the OpenTelemetry SDK reads by itself.
/// </summary>
/// <param name="Metrics">Metrics go out.</param>
/// <param name="Traces">Traces go out.</param>
public readonly record struct OtlpSwitch(bool Metrics, bool Traces)
{
    /// <param name="variable">The value of an environment variable; null or empty: not set.</param>
    public static OtlpSwitch From(Func<string, string?> variable)
    {
        return new OtlpSwitch(IsOn("METRICS"), IsOn("TRACES"));

        bool IsOn(string signal)
            => (IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))
                && (!IsSet($"OTEL_{signal}_EXPORTER") || Is($"OTEL_{signal}_EXPORTER", "otlp"))
                && !Is("OTEL_SDK_DISABLED", "true");

        bool IsSet(string name) => !string.IsNullOrWhiteSpace(variable(name));

        bool Is(string name, string value)
            => string.Equals(variable(name)?.Trim(), value, StringComparison.OrdinalIgnoreCase);
    }
}
