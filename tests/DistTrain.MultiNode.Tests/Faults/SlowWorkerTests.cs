using DistTrain.Api;
using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Faults;

/// <summary>A worker that has only part of its processor.</summary>
public sealed class SlowWorkerTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    [SkippableFact]
    public async Task A_slow_worker_is_named_and_given_fewer_shards()
    {
        string hash = HashOf(TestJob.Heavy);
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Heavy);
        await cluster.WhenWorkingAsync("w2", run);
        await using (new DutyCycle(cluster.Worker("w2")))
        {
            await run.WhenNoticedAsync("w2 is slow: ");
            ClusterView view = await cluster.WhenAsync("w2 has fewer shards than w1", seen =>
                Shards(seen, "w2") is { } few && few < Shards(seen, "w1"));
            view.Nodes.Sum(node => node.Pace?.Shards ?? 0).ShouldBe(8);
        }

        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    private static int? Shards(ClusterView view, string worker)
        => view.Nodes.SingleOrDefault(node => node.Name == worker)?.Pace?.Shards;

    /// <summary>
    /// Stops a worker and lets it go on, again and again, several times within one step: pauses longer than a
    /// step would be hiccups of single steps, which are rightly overlooked.
    /// </summary>
    private sealed class DutyCycle : IAsyncDisposable
    {
        private const int OnePartIn = 4;
        private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(2));
        private readonly Node _worker;
        private readonly Task _running;

        public DutyCycle(Node worker)
        {
            _worker = worker;
            _running = RunAsync();
        }

        public async ValueTask DisposeAsync()
        {
            _timer.Dispose();
            await _running;
        }

        private async Task RunAsync()
        {
            for (int tick = 0; await _timer.WaitForNextTickAsync(); tick++)
            {
                if (tick % OnePartIn == 0)
                {
                    _worker.Continue();
                }
                else
                {
                    _worker.Stop();
                }
            }

            _worker.Continue();
        }
    }
}
