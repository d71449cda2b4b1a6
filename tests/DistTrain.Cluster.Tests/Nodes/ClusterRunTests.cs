using DistTrain.Api;
using DistTrain.Cluster.Tests.Harness;
using DistTrain.Core.Cluster;

namespace DistTrain.Cluster.Tests.Nodes;

public sealed class ClusterRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Any_number_of_nodes_gives_the_bits_of_one_process(int nodes)
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync(
            [.. Enumerable.Range(0, nodes).Select(i => $"w{i}")]);
        string reference = await cluster.ReferenceAsync(cluster.JobJson());
        JobView job = await cluster.SubmitAsync(cluster.JobJson());
        JobView end = await cluster.EndOfAsync(job.Id);
        end.State.ShouldBe(JobState.Completed, cluster.Log);
        end.WeightsSha256.ShouldBe(reference);
    }
}
