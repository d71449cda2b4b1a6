using DistTrain.Telemetry.Tests.Harness;

namespace DistTrain.Telemetry.Tests.Instruments;

public sealed class DeviceMemoryTests
{
    [Fact]
    public async Task Every_device_tells_what_it_has_and_what_is_used_now()
    {
        long used = 3;
        await using TelemetryHost host = Start(() =>
            [new DeviceMemory("cuda:0", used, 80), new DeviceMemory("cuda:1", null, 40)]);
        Scrape scrape = await Scrape.OfAsync(host);
        scrape["disttrain_device_memory_usage_bytes{device=\"cuda:0\"}"].ShouldBe(3);
        scrape["disttrain_device_memory_limit_bytes{device=\"cuda:0\"}"].ShouldBe(80);
        scrape["disttrain_device_memory_limit_bytes{device=\"cuda:1\"}"].ShouldBe(40);
        scrape.Names.ShouldNotContain("disttrain_device_memory_usage_bytes{device=\"cuda:1\"}", "unknown");

        used = 50;

        (await Scrape.OfAsync(host))["disttrain_device_memory_usage_bytes{device=\"cuda:0\"}"].ShouldBe(50);
    }

    [Fact]
    public async Task A_process_on_processors_alone_tells_of_no_device()
    {
        await using TelemetryHost host = Start(null);
        (await Scrape.OfAsync(host)).Names.ShouldNotContain(name => name.Contains("device_memory"));
    }

    private static TelemetryHost Start(Func<IReadOnlyList<DeviceMemory>>? devices)
        => TelemetryHost.Start(new TelemetryOptions
        {
            Role = "worker",
            Instance = "test",
            Version = "1.2.3",
            IsScraped = true,
            Devices = devices,
        });
}
