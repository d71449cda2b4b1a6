using DistTrain.Study.Capacity;

namespace DistTrain.Study.Tests.Capacity;

public sealed class CapacitySearchTests
{
    private const long Base = 100_000_000, PerSample = 1_000_000;

    [Fact]
    public async Task A_search_ends_before_the_memory_does()
    {
        var device = new Device { Free = 400_000_000 };
        CapacityReport report = await device.Search(workers: 1, largest: 4096);
        report.Ending.ShouldBe(CapacityEnding.NextWouldNotFit);
        // 100 + 128 MB fit into nine tenths of 400 MB, and so would 256, but not 512.
        report.Rows[^1].Shard.ShouldBe(256);
        device.Tried.ShouldNotContain((512, 1));
        report.Reason.ShouldContain("0.6 GB");
    }

    [Fact]
    public async Task All_workers_together_need_more_and_are_foretold_too()
    {
        var device = new Device { Free = 800_000_000 };
        CapacityReport report = await device.Search(workers: 4, largest: 4096);
        report.Ending.ShouldBe(CapacityEnding.NextWouldNotFit);
        report.Rows[^1].Shard.ShouldBe(128);
        device.Tried.ShouldContain((128, 4));
    }

    [Fact]
    public async Task An_engine_out_of_memory_ends_the_table_and_not_the_search()
    {
        var device = new Device { Free = long.MaxValue, MostSamples = 64 };
        CapacityReport report = await device.Search(workers: 2, largest: 4096);
        report.Ending.ShouldBe(CapacityEnding.OutOfMemory);
        report.Rows[^1].Shard.ShouldBe(32); // 64 by two workers is too much
        report.Reason.ShouldContain("64 samples");
        report.Reason.ShouldContain("no memory on the device");
    }

    [Fact]
    public async Task A_search_ends_at_the_largest_size_asked_for()
    {
        CapacityReport report = await new Device { Free = long.MaxValue }.Search(workers: 1, largest: 100);
        report.Ending.ShouldBe(CapacityEnding.LargestAsked);
        report.Rows.Select(r => r.Shard).ShouldBe([1, 2, 4, 8, 16, 32, 64]);
    }

    [Fact]
    public async Task A_step_that_would_take_too_long_is_not_waited_for()
    {
        var device = new Device { Free = long.MaxValue, SecondsPerSample = 1 };
        CapacityReport report = await device.Search(workers: 1, largest: 4096);
        report.Ending.ShouldBe(CapacityEnding.TooSlow);
        report.Rows[^1].Shard.ShouldBe(16);
    }

    [Fact]
    public async Task The_knee_is_the_first_size_whose_doubling_brings_less_than_a_tenth()
    {
        // 1000·b/(b + 16): from 128 to 256 it grows by 5.9 %, from 64 to 128 by 11 %.
        CapacityReport report = await new Device { Free = long.MaxValue }.Search(workers: 1, largest: 1024);
        report.Knee!.Shard.ShouldBe(128);
    }

    [Fact]
    public async Task Throughput_that_still_grows_has_no_knee()
        => (await new Device { Free = long.MaxValue }.Search(workers: 1, largest: 64)).Knee.ShouldBeNull();

    [Fact]
    public void The_systems_estimate_of_free_memory_is_read_in_bytes()
    {
        FreeMemory.Available(["MemTotal: 9 kB", "MemAvailable:    1234 kB"]).ShouldBe(1234 * 1024);
        FreeMemory.Available(["MemTotal: 9 kB"]).ShouldBeNull();
    }

    private sealed class Device : IShardProbe
    {
        public required long Free { get; init; }
        public int MostSamples { get; init; } = int.MaxValue;
        public double SecondsPerSample { get; init; } = 1e-3;
        public List<(int Shard, int Workers)> Tried { get; } = [];

        public Task<CapacityReport> Search(int workers, int largest)
            => new CapacitySearch(this, workers, largest, () => Free, _ => { })
                .RunAsync(CancellationToken.None);

        public Task<ProbeResult> MeasureAsync(int shard, int workers, CancellationToken cancellation)
        {
            Tried.Add((shard, workers));
            return Task.FromResult<ProbeResult>(shard * workers > MostSamples
                ? new ProbeResult.OutOfMemory("no memory on the device")
                : new ProbeResult.Measured(
                    1000.0 * shard / (shard + 16), Base + shard * workers * PerSample,
                    shard * SecondsPerSample));
        }
    }
}
