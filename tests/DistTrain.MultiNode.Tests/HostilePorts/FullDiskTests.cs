using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.HostilePorts;

/// <summary>The disk under the coordinator's state has no room left.</summary>
public sealed class FullDiskTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    private const string Notice = "checkpoint could not be written";

    [SkippableFact]
    public async Task A_job_says_that_the_disk_is_full_and_goes_on()
    {
        string hash = HashOf(TestJob.Long);
        (TestCluster cluster, SmallDisk disk, WatchedJob run) = await StartOnSmallDiskAsync();
        string ballast = disk.FillUp();
        await run.WhenNoticedAsync(Notice);
        File.Delete(ballast);
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_coordinator_killed_while_the_disk_is_full_goes_on_from_the_checkpoint_before()
    {
        string hash = HashOf(TestJob.Long);
        (TestCluster cluster, SmallDisk disk, WatchedJob run) = await StartOnSmallDiskAsync();
        string ballast = disk.FillUp();
        await run.WhenNoticedAsync(Notice);
        await cluster.Coordinator.KillAsync();
        File.Delete(ballast);
        await cluster.StartCoordinatorAsync();
        (await run.EndAsync(hash)).Attempt.ShouldBe(2);
        run.Events.ShouldContain(happened => happened.Started != null && happened.Started.ResumedAt > 0);
    }

    [SkippableFact]
    public async Task A_coordinator_that_cannot_write_what_it_was_told_ends_and_its_successor_goes_on()
    {
        string hash = HashOf(TestJob.Long);
        (TestCluster cluster, SmallDisk disk, WatchedJob run) = await StartOnSmallDiskAsync();
        string ballast = disk.FillUp();
        Task asked = cluster.Client.PauseAsync(run.Id);
        (await cluster.Coordinator.Ended.OrFail("the coordinator ends")).ShouldBe(1);
        cluster.Transcript.Of("coordinator").ShouldContain(
            line => line.StartsWith("disttrain: ") && line.Contains("No space left on device"));
        await Should.ThrowAsync<Core.DistTrainException>(() => asked, "nothing was promised");
        File.Delete(ballast);
        await cluster.StartCoordinatorAsync();
        (await run.EndAsync(hash)).Attempt.ShouldBe(2);
    }

    private async Task<(TestCluster Cluster, SmallDisk Disk, WatchedJob Job)> StartOnSmallDiskAsync()
    {
        Needs.Engine();
        SmallDisk disk = Own(new SmallDisk(megabytes: 8));
        TestCluster cluster = await StartAsync(
            new ClusterOptions { StateFolder = Path.Combine(disk.Root, "state") }, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Long);
        await run.ReachAsync(120);
        return (cluster, disk, run);
    }
}
