using DistTrain.Api;
using DistTrain.Cluster.Tests.Harness;
using DistTrain.Core.Cluster;

namespace DistTrain.Cluster.Tests.Nodes;

public sealed class MembershipTests
{
    [Fact]
    public async Task A_node_that_joins_in_mid_epoch_takes_part_and_the_bits_stay()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        string reference = await cluster.ReferenceAsync(cluster.JobJson(epochs: 40));
        JobView job = await cluster.SubmitAsync(cluster.JobJson(epochs: 40));
        await cluster.WhenAsync(job.Id, happened => happened.Step is { Step: >= 20 });
        SmallWorker late = cluster.StartWorker("w1");
        JobView end = await cluster.EndOfAsync(job.Id);
        end.WeightsSha256.ShouldBe(reference, cluster.Log);
        late.Engine.Gradients.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_drained_node_finishes_its_step_and_nothing_is_computed_twice()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0", "w1", "w2");
        SmallWorker[] workers = [cluster.Worker("w0"), cluster.Worker("w1"), cluster.Worker("w2")];
        string reference = await cluster.ReferenceAsync(cluster.JobJson(epochs: 20));
        JobView job = await cluster.SubmitAsync(cluster.JobJson(epochs: 20));
        await cluster.WhenAsync(job.Id, happened => happened.Step is { Step: >= 20 });
        (await cluster.Control.DrainAsync("w1")).Status.ShouldBe(CommandStatus.Done);
        (int exitCode, _) = await workers[1].Run.WaitAsync(SmallCluster.Patience);
        exitCode.ShouldBe(0);
        JobView end = await cluster.EndOfAsync(job.Id);
        end.WeightsSha256.ShouldBe(reference, cluster.Log);
        // 540 samples in batches of 32: 16 full steps of 8 shards and one of 28 samples, 8 shards too.
        workers.Sum(worker => worker.Engine.Gradients).ShouldBe(20 * 17 * 8, cluster.Log);
    }

    [Fact]
    public async Task Scaling_a_job_down_and_up_moves_its_nodes_and_not_its_bits()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0", "w1", "w2");
        string reference = await cluster.ReferenceAsync(cluster.JobJson(epochs: 60));
        JobView job = await cluster.SubmitAsync(cluster.JobJson(epochs: 60));
        await cluster.WhenAsync(job.Id, happened => happened.Step is { Step: >= 10 });
        (await cluster.Control.ScaleAsync(job.Id, 1)).Status.ShouldBe(CommandStatus.Done);
        await cluster.WhenAsync(view => view.Jobs.SingleOrDefault()?.Workers.Count is null or 1);
        (await cluster.Control.ScaleAsync(job.Id, 3)).Status.ShouldBe(CommandStatus.Done);
        JobView end = await cluster.EndOfAsync(job.Id);
        end.WeightsSha256.ShouldBe(reference, cluster.Log);
    }

    [Fact]
    public async Task A_second_node_of_the_same_name_waits_outside()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        SmallWorker first = cluster.Worker("w0");
        cluster.StartWorker("w0");
        await cluster.WhenLogAsync("not let in");
        (await cluster.Control.ClusterAsync()).Nodes.Count.ShouldBe(1);
        first.Run.IsCompleted.ShouldBeFalse();
        await first.EndAsync();
        await cluster.WhenAsync(view => view.Nodes.Count == 1);
    }
}
