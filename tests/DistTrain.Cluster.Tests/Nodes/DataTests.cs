using DistTrain.Api;
using DistTrain.Cluster.Tests.Harness;
using DistTrain.Core.Cluster;

namespace DistTrain.Cluster.Tests.Nodes;

public sealed class DataTests
{
    [Fact]
    public async Task A_node_fetches_what_it_lacks_once_and_keeps_it()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        for (int run = 0; run < 2; run++)
        {
            JobView job = await cluster.SubmitAsync(cluster.JobJson());
            (await cluster.EndOfAsync(job.Id)).State.ShouldBe(JobState.Completed, cluster.Log);
        }
        cluster.Log.Split("\nw0: fetching train.csv").Length.ShouldBe(2, cluster.Log);
    }

    [Fact]
    public async Task A_node_uses_its_own_copy_when_it_is_the_same()
    {
        await using var cluster = await SmallCluster.StartAsync();
        cluster.StartWorker("w0", Path.GetDirectoryName(cluster.TrainFile));
        JobView job = await cluster.SubmitAsync(cluster.JobJson());
        (await cluster.EndOfAsync(job.Id)).State.ShouldBe(JobState.Completed, cluster.Log);
        cluster.Log.ShouldNotContain("fetching");
    }

    [Fact]
    public async Task A_node_whose_copy_differs_is_told_so_and_not_used()
    {
        await using var cluster = await SmallCluster.StartAsync("w0");
        string other = Path.Combine(cluster.StateDirectory, "..", "other");
        SmallCluster.WritePoints(Path.Combine(other, "train.csv"), 600, key: 8);
        SmallWorker wrong = cluster.StartWorker("w1", other);
        await cluster.WhenAsync(view => view.Nodes.Count == 2);
        JobView job = await cluster.SubmitAsync(cluster.JobJson());
        JobView end = await cluster.EndOfAsync(job.Id);
        end.WeightsSha256.ShouldBe(await cluster.ReferenceAsync(cluster.JobJson()), cluster.Log);
        wrong.Engine.Gradients.ShouldBe(0);
        await cluster.WhenLogAsync("is not the coordinator's");
    }

    [Fact]
    public async Task Data_that_changed_between_two_attempts_is_refused()
    {
        await using var cluster = await SmallCluster.StartAsync("w0");
        JobView job = await cluster.SubmitAsync(cluster.JobJson(epochs: 2000));
        await cluster.WhenAsync(job.Id, happened => happened.Step is { Step: >= 5 });
        await cluster.Control.PauseAsync(job.Id);
        await cluster.WhenAsync(job.Id, happened => happened.State?.State == JobState.Paused);
        SmallCluster.WritePoints(cluster.TrainFile, 600, key: 9);
        await cluster.Control.ResumeAsync(job.Id);
        JobView end = await cluster.EndOfAsync(job.Id);
        end.State.ShouldBe(JobState.Failed);
        end.Reason!.ShouldContain("not what this run began with");
    }
}
