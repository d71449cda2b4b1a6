using DistTrain.Containers.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.Containers.Tests.Faults;

/// <summary>Worker containers that work, die, and are cut off.</summary>
public sealed class WorkerTests(References references, ITestOutputHelper output)
    : ContainerTest(references, output)
{
    private static readonly string[] Four = ["w1", "w2", "w3", "w4"];

    [SkippableFact]
    public async Task Four_workers_and_a_job_from_outside_give_the_bits_of_one_process()
    {
        string hash = HashOf(MnistJob.Short);
        long start = Now();
        ContainerCluster cluster = await StartAsync(Four);
        WatchedJob run = await cluster.SubmitAsync(MnistJob.Short);
        await run.ReachAsync(1);
        Tell("from the start of the first container to the first step", start);
        await cluster.WhenWorkingAsync("w4", run);
        foreach (string node in Four.Append("coordinator"))
        {
            cluster.IsHealthy(node).ShouldBeTrue(node);
        }

        await run.EndAsync(hash);
    }

    [SkippableFact]
    public async Task A_killed_worker_costs_nothing_but_time()
    {
        string hash = HashOf(MnistJob.Short);
        ContainerCluster cluster = await StartAsync(Four);
        WatchedJob run = await cluster.SubmitAsync(MnistJob.Short);
        await cluster.WhenWorkingAsync("w2", run);
        cluster.Kill("w2");
        await run.WhenNoticedAsync("w2 is lost");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1, "a lost worker restarts nothing");
    }

    [SkippableFact]
    public async Task A_worker_that_is_cut_off_is_unwell_and_comes_back_by_itself()
    {
        string hash = HashOf(MnistJob.Long);
        ContainerCluster cluster = await StartAsync(Four);
        WatchedJob run = await cluster.SubmitAsync(MnistJob.Long);
        await cluster.WhenWorkingAsync("w3", run);
        cluster.Part("w3");
        await cluster.WhenWorkersAreAsync("w1", "w2", "w4");
        await Patience.UntilAsync(
            "w3 is unwell", () => Task.FromResult(cluster.IsHealthy("w3") ? null : "unwell"));
        cluster.Heal("w3");
        await cluster.WhenWorkersAreAsync(Four);
        await cluster.WhenWorkingAsync("w3", run);
        cluster.IsHealthy("w3").ShouldBeTrue();
        (await run.EndAsync(hash)).Attempt.ShouldBe(1, "a worker cut off restarts nothing");
    }
}
