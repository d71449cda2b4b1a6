using DistTrain.Api;
using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Faults;

/// <summary>A worker's process ends without a word.</summary>
public sealed class WorkerKilledTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    [SkippableFact]
    public async Task A_worker_killed_between_steps_costs_nothing_but_time()
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1");
        Node victim = (await cluster.StartWorkersAsync("w2"))[0];
        WatchedJob run = await cluster.SubmitAsync(job);
        await cluster.WhenWorkingAsync("w2", run);
        Task told = run.TellPauseAsync("the kill");
        await victim.KillAsync();
        await told;
        await cluster.WhenSaidAsync("w2 is gone: ");
        JobView end = await run.EndAsync(hash);
        end.Attempt.ShouldBe(1, "a lost worker restarts nothing");
    }
}
