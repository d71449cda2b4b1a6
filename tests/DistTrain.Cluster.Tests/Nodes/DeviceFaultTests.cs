using DistTrain.Api;
using DistTrain.Cluster.Tests.Harness;
using DistTrain.Core;
using DistTrain.Core.Cluster;

namespace DistTrain.Cluster.Tests.Nodes;

/// <summary>A device that fails costs the worker on it, and neither the run nor a bit of it.</summary>
public sealed class DeviceFaultTests
{
    private const string Fault = "cuda:1 has failed and answers no more";

    [Fact]
    public async Task A_device_that_fails_in_mid_step_costs_its_worker_and_no_bit()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0", "w1");
        string reference = await cluster.ReferenceAsync(cluster.JobJson(epochs: 10));
        SmallWorker broken = cluster.Worker("w1");
        broken.Engine.BeforeGradient = number =>
        {
            if (number == 7)
            {
                throw new DeviceFaultException(Fault);
            }
        };

        JobView end = await cluster.EndOfAsync((await cluster.SubmitAsync(cluster.JobJson(epochs: 10))).Id);

        end.State.ShouldBe(JobState.Completed, cluster.Log);
        end.WeightsSha256.ShouldBe(reference, cluster.Log);
        (await broken.Run.WaitAsync(SmallCluster.Patience)).ShouldBe((1, Fault));
        broken.Engine.Gradients.ShouldBe(7, "it is not tried again");
        cluster.Log.ShouldContain($"coordinator: w1: {Fault}");
    }

    [Fact]
    public async Task A_device_that_fails_before_the_run_begins_costs_its_worker_alone()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0", "w1");
        string reference = await cluster.ReferenceAsync(cluster.JobJson());
        SmallWorker broken = cluster.Worker("w1");
        broken.Engine.BeforeReplica = () => throw new DeviceFaultException(Fault);

        JobView end = await cluster.EndOfAsync((await cluster.SubmitAsync(cluster.JobJson())).Id);

        end.WeightsSha256.ShouldBe(reference, cluster.Log);
        (await broken.Run.WaitAsync(SmallCluster.Patience)).ShouldBe((1, Fault));
    }

    [Fact]
    public async Task A_run_whose_only_device_failed_waits_for_another_worker()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        string reference = await cluster.ReferenceAsync(cluster.JobJson());
        cluster.Worker("w0").Engine.BeforeGradient = number =>
        {
            if (number == 20)
            {
                throw new DeviceFaultException(Fault);
            }
        };
        JobView job = await cluster.SubmitAsync(cluster.JobJson());
        (await cluster.Worker("w0").Run.WaitAsync(SmallCluster.Patience)).ExitCode.ShouldBe(1);

        cluster.StartWorker("w1");

        (await cluster.EndOfAsync(job.Id)).WeightsSha256.ShouldBe(reference, cluster.Log);
    }
}
