using DistTrain.Containers.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.Containers.Tests.Faults;

/// <summary>A cluster that changes under a running job.</summary>
public sealed class ChangeTests(References references, ITestOutputHelper output)
    : ContainerTest(references, output)
{
    [SkippableFact]
    public async Task A_coordinator_that_is_killed_goes_on_from_its_volume()
    {
        string hash = HashOf(MnistJob.Long);
        ContainerCluster cluster = await StartAsync("w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(MnistJob.Long);
        await run.ReachAsync(120);
        cluster.Kill("coordinator");
        cluster.StartCoordinator();
        (await run.EndAsync(hash)).Attempt.ShouldBe(2, "the job was taken up once more");
    }

    [SkippableFact]
    public async Task Workers_are_scaled_from_two_to_four_to_one()
    {
        string hash = HashOf(MnistJob.Long);
        ContainerCluster cluster = await StartAsync("w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(MnistJob.Long);
        await cluster.WhenWorkingAsync("w2", run);
        cluster.StartWorkers("w3", "w4");
        await cluster.WhenWorkingAsync("w3", run);
        await cluster.WhenWorkingAsync("w4", run);
        foreach (string worker in (string[])["w4", "w3", "w1"])
        {
            cluster.Stop(worker).ShouldBe(0, "SIGTERM drains a worker");
        }

        await cluster.WhenWorkersAreAsync("w2");
        await run.AdvanceAsync(5);
        (await run.EndAsync(hash)).Attempt.ShouldBe(1, "workers come and go without a restart");
    }

    [SkippableFact]
    public async Task Every_container_is_replaced_under_a_running_job()
    {
        string hash = HashOf(MnistJob.Long);
        ContainerCluster cluster = await StartAsync("w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(MnistJob.Long);
        foreach (string worker in (string[])["w1", "w2"])
        {
            await cluster.WhenWorkingAsync(worker, run);
            cluster.Stop(worker).ShouldBe(0, "SIGTERM drains a worker");
            cluster.StartWorkers(worker);
            await cluster.WhenWorkersAreAsync("w1", "w2");
        }

        await cluster.WhenWorkingAsync("w2", run);
        cluster.Stop("coordinator").ShouldBe(0, "SIGTERM saves the job and ends the coordinator");
        cluster.StartCoordinator();
        await run.EndAsync(hash);
    }
}
