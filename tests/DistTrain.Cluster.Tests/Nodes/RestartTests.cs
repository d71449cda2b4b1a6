using DistTrain.Api;
using DistTrain.Cluster.Coordinator;
using DistTrain.Cluster.Tests.Harness;
using DistTrain.Core;
using DistTrain.Core.Cluster;

namespace DistTrain.Cluster.Tests.Nodes;

public sealed class RestartTests
{
    [Fact]
    public async Task A_coordinator_that_went_down_in_order_goes_on_where_it_was()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0", "w1");
        string text = cluster.JobJson(epochs: 40);
        string reference = await cluster.ReferenceAsync(text);
        JobView job = await cluster.SubmitAsync(text);
        JobView second = await cluster.SubmitAsync(cluster.JobJson(epochs: 1));
        await cluster.WhenAsync(job.Id, happened => happened.Step is { Step: >= 30 });
        int port = cluster.Coordinator.Endpoint.Port;
        cluster.Coordinator.RequestShutdown();
        await cluster.Coordinator.Ended.WaitAsync(SmallCluster.Patience);
        await cluster.Coordinator.DisposeAsync();
        cluster.StartCoordinator(port);
        JobView end = await cluster.EndOfAsync(job.Id);
        end.State.ShouldBe(JobState.Completed, cluster.Log);
        end.WeightsSha256.ShouldBe(reference);
        end.Attempt.ShouldBe(2);
        (await cluster.EndOfAsync(second.Id)).State.ShouldBe(JobState.Completed, cluster.Log);
        (await cluster.Control.ClusterAsync()).Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task A_second_coordinator_on_the_same_state_is_refused_and_the_first_goes_on()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        CoordinatorNode first = cluster.Coordinator;
        UserFaultException fault = Should.Throw<UserFaultException>(() => cluster.StartCoordinator());
        fault.Message.ShouldContain(cluster.StateDirectory);
        cluster.Coordinator.ShouldBeSameAs(first);
        JobView job = await cluster.SubmitAsync(cluster.JobJson());
        (await cluster.EndOfAsync(job.Id)).State.ShouldBe(JobState.Completed, cluster.Log);
    }
}
