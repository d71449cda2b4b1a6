using BenchmarkDotNet.Attributes;
using DistTrain.Cluster.Coordinator;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;
using DistTrain.Runs.Timeline;
using DistTrain.Telemetry;

namespace DistTrain.Benchmarks;

/// <summary>
/// What it costs a coordinator to tell of one step: where its time went, its line in the timeline, its
/// metrics. Four shards for every worker.
/// </summary>
[MemoryDiagnoser]
public class ObserverBenchmarks
{
    private const int ShardsPerWorker = 4;
    private readonly string _folder = Directory.CreateTempSubdirectory("disttrain-bench-").FullName;
    private readonly StepTimer _timer = new();
    private SubtreeReady[] _subtrees = [];
    private string[] _names = [];
    private StepMetrics _step = null!;
    private TimelineRecorder _timeline = null!;
    private TelemetryHost _scraped = null!;
    private TelemetryHost _silent = null!;
    private IRunWatch _on = null!;
    private IRunWatch _off = null!;

    [Params(2, 8)]
    public int Workers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _names = [.. Enumerable.Range(0, Workers).Select(i => $"worker-{i}")];
        _subtrees = [.. Enumerable.Range(0, Workers).Select(SubtreeOf)];
        _step = new StepMetrics(0, 1, 0.25, 0.9, 0.1, 64 * Workers, 1.5, false, TimeSpan.FromMilliseconds(2))
        {
            Noise = new NoiseEstimate(12, 0.5, 24, 10),
            Times = TimeOfStep(),
        };
        _timeline = new TimelineRecorder(
            () => TimelineLog.Create(Path.Combine(_folder, $"{Workers}.bin")), TimeProvider.System,
            _ => { });
        _scraped = Host(isScraped: true);
        _silent = Host(isScraped: false);
        (_on, _off) = (_scraped.OfRun("job"), _silent.OfRun("job"));
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _timeline.Dispose();
        _on.Dispose();
        _off.Dispose();
        await _scraped.DisposeAsync();
        await _silent.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public StepTimes TimeOfStep()
    {
        var now = TimeSpan.FromSeconds(1);
        _timer.Begin(now);
        for (int i = 0; i < _subtrees.Length; i++)
        {
            _timer.Delivered(_names[i], now, _subtrees[i], now + TimeSpan.FromMilliseconds(1));
        }
        _timer.Computed(now + TimeSpan.FromMilliseconds(1));
        _timer.Reduced(now + TimeSpan.FromMilliseconds(1.5));
        return _timer.End(now + TimeSpan.FromMilliseconds(2));
    }

    [Benchmark]
    public void TimelineOfStep() => _timeline.OnStep(_step);

    [Benchmark]
    public void MetricsOfStep() => _on.OnStep(_step);

    [Benchmark]
    public void MetricsOffOfStep() => _off.OnStep(_step);

    [Benchmark]
    public async Task<int> Scrape()
        => (await _scraped.ScrapeAsync("", CancellationToken.None)).Text.Length;

    private static TelemetryHost Host(bool isScraped) => TelemetryHost.Start(new TelemetryOptions
    {
        Role = "coordinator",
        Instance = "bench",
        Version = "bench",
        IsScraped = isScraped,
    });

    private SubtreeReady SubtreeOf(int worker) => new(
        new ActorId(_names[worker]), 0,
        new ShardRange(worker * ShardsPerWorker, (worker + 1) * ShardsPerWorker), 0,
        [
            .. Enumerable.Range(0, ShardsPerWorker).Select(i => new ShardResult(1, 14, 16)
            {
                Timing = new ShardTiming(
                    TimeSpan.FromMilliseconds(1 + i * 0.25), TimeSpan.FromMilliseconds(0.2)),
            }),
        ]);
}
