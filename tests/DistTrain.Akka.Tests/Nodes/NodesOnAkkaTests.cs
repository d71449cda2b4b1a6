using System.Collections.Concurrent;
using DistTrain.Akka.Hosting;
using DistTrain.Api;
using DistTrain.Cluster.Tests.Harness;
using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;

namespace DistTrain.Akka.Tests.Nodes;

/// <summary>A coordinator's and workers' nodes whose actors live in Akka.NET, over links of TCP.</summary>
public sealed class NodesOnAkkaTests
{
    private readonly ConcurrentQueue<(ActorId Actor, Exception Fault)> _broken = new();

    [Fact]
    public async Task An_engine_s_fault_restarts_the_worker_actor_and_the_bits_stay_the_same()
    {
        await using SmallCluster cluster = await StartAsync("w1", "w2");
        cluster.Worker("w2").Engine.BeforeGradient = number =>
        {
            if (number == 20)
            {
                throw new IOException("the device has gone");
            }
        };
        string job = cluster.JobJson(epochs: 8);
        JobView submitted = await cluster.SubmitAsync(job);
        JobView end = await cluster.EndOfAsync(submitted.Id);
        end.State.ShouldBe(JobState.Completed, cluster.Log);
        end.Attempt.ShouldBe(1);
        end.WeightsSha256.ShouldBe(await cluster.ReferenceAsync(job));
        cluster.Log.ShouldContain("w2: the worker failed: the device has gone");
        await cluster.WhenAsync(view => view.Nodes.Count == 2);
        _broken.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_broken_invariant_is_reported_by_the_actor_s_name()
    {
        await using SmallCluster cluster = await StartAsync("w1", "w2");
        cluster.Worker("w2").Engine.BeforeGradient = number =>
        {
            if (number == 20)
            {
                throw new InvalidOperationException("two gradients in one buffer");
            }
        };
        JobView submitted = await cluster.SubmitAsync(cluster.JobJson(epochs: 8));
        await cluster.EndOfAsync(submitted.Id);
        (ActorId actor, Exception fault) = _broken.ShouldHaveSingleItem();
        actor.ShouldBe(new ActorId("w2"));
        fault.Message.ShouldBe("two gradients in one buffer");
    }

    private async Task<SmallCluster> StartAsync(params string[] workers)
    {
        var cluster = new SmallCluster
        {
            Host = _ => AkkaActorHost.Create((actor, fault) => _broken.Enqueue((actor, fault))),
        };
        cluster.StartCoordinator();
        foreach (string name in workers)
        {
            cluster.StartWorker(name);
        }
        await cluster.WhenAsync(view => view.Nodes.Count == workers.Length);
        return cluster;
    }
}
