namespace DistTrain.Telemetry.Tests.Harness;

internal static class TestHost
{
    /// <summary>One that is scraped and sends nothing.</summary>
    public static TelemetryHost Start(string role) => TelemetryHost.Start(new TelemetryOptions
    {
        Role = role,
        Instance = "test",
        Version = "1.2.3",
        IsScraped = true,
    });
}
