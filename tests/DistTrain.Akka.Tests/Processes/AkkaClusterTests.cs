using System.Text.Json;
using DistTrain.Api;
using DistTrain.MultiNode.Tests.Harness;
using DistTrain.MultiNode.Tests.Hosts;
using Xunit.Abstractions;

namespace DistTrain.Akka.Tests.Processes;

/// <summary>Akka.NET clusters of real processes, and what happens to them.</summary>
public sealed class AkkaClusterTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    private static readonly string[] One = ["coordinator"];
    private static readonly string[] Three = ["coordinator", "c2", "c3"];

    [SkippableFact]
    public async Task Three_workers_train_MNIST_to_the_bits_of_one_process()
    {
        Needs.SharedData("mnist");
        string[] data = ["--data", Needs.SharedFolder!];
        TestCluster cluster = await StartAsync(
            AkkaClusterOptions.Of(One, new ClusterOptions { CoordinatorOptions = data }), "w1", "w2", "w3");
        string job = cluster.Workspace.Write("mnist.json", """
            {
              "name": "mnist", "model": { "preset": "mlp", "hidden": [64] },
              "dataset": { "name": "mnist", "validation": 5000 },
              "batch": { "global": 256, "shards": 8 }, "epochs": 1, "threads": 1,
              "learningRate": { "base": 0.05 }, "workers": { "min": 3, "max": 3 }
            }
            """);
        string hash = Disttrain
            .Train(cluster.Workspace, job, "--set", "workers.min=1", "--workers", "1").Hash!;
        WatchedJob run = cluster.Watch(await cluster.Client.SubmitAsync(
            new SubmitRequest(await File.ReadAllTextAsync(job), "mnist.json", [])));
        JobView end = await run.EndAsync(hash);
        end.Attempt.ShouldBe(1);
        JsonElement result = JsonElement.Parse((await cluster.Client.ResultAsync(run.Id))!);
        Say($"MNIST: {result.GetProperty("test")}, weights {hash}");
    }

    [SkippableFact]
    public async Task The_coordinator_killed_at_work_moves_to_another_process_and_goes_on_from_its_state()
    {
        var job = new TestJob { Epochs = 100, CheckpointEvery = 30 };
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(AkkaClusterOptions.Of(Three));
        Node[] standbys = [await StartStandbyAsync(cluster, "c2"), await StartStandbyAsync(cluster, "c3")];
        await cluster.StartWorkersAsync("w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await run.ReachAsync(200);
        await cluster.Coordinator.KillAsync();
        Node successor = await await Task.WhenAny(standbys.Select(async node =>
        {
            await node.ReadyAsync();
            return node;
        })).OrFail("a standby takes over");
        await cluster.FollowAsync(successor);
        WatchedJob again = cluster.Watch((await cluster.Client.JobAsync(run.Id))!);
        (await again.EndAsync(hash)).Attempt.ShouldBe(2);
        again.Events.ShouldContain(
            happened => happened.Started != null && happened.Started.ResumedAt >= 30,
            "it went on from a checkpoint");
        (await cluster.Client.ClusterAsync()).Epoch.ShouldBe(2);
        cluster.Transcript.Of(successor.Name).ShouldContain(
            line => line.Contains("is the last that was announced", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_coordinator_that_is_asked_to_leave_saves_and_hands_over()
    {
        var job = new TestJob { Epochs = 100, CheckpointEvery = 1_000_000 };
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(AkkaClusterOptions.Of(["coordinator", "c2"]));
        Node standby = await StartStandbyAsync(cluster, "c2");
        await cluster.StartWorkersAsync("w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await run.ReachAsync(100);
        Node first = cluster.Coordinator;
        first.Terminate();
        await cluster.FollowAsync(standby);
        (await first.Ended.OrFail("the first coordinator ends")).ShouldBe(0);
        WatchedJob again = cluster.Watch((await cluster.Client.JobAsync(run.Id))!);
        await again.EndAsync(hash);
        again.Events.ShouldContain(
            happened => happened.Started != null && happened.Started.ResumedAt >= 100,
            "nothing was computed twice: no checkpoint but that of the hand-over was due");
    }

    [SkippableFact]
    public async Task A_worker_killed_at_work_costs_nothing_but_time()
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(AkkaClusterOptions.Of(One), "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await cluster.WhenWorkingAsync("w2", run);
        await cluster.Worker("w2").KillAsync();
        await cluster.WhenSaidAsync("w2 is gone: ");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1, "a lost worker restarts nothing");
    }

    [SkippableFact]
    public async Task A_worker_that_is_asked_to_leave_finishes_its_step_and_leaves_the_cluster()
    {
        string hash = HashOf(TestJob.Long);
        TestCluster cluster = await StartAsync(AkkaClusterOptions.Of(One), "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Long);
        await cluster.WhenWorkingAsync("w2", run);
        cluster.Worker("w2").Terminate();
        (await cluster.Worker("w2").Ended.OrFail("w2 ends")).ShouldBe(0);
        await cluster.WhenSaidAsync("w2 has left");
        cluster.Transcript.Of("coordinator")
            .ShouldNotContain(line => line.Contains("put out of the cluster"));
        await run.EndAsync(hash);
        run.Notices.ShouldNotContain(notice => notice.Contains("w2 is lost"));
    }

    [SkippableFact]
    public async Task A_worker_parted_from_the_network_is_put_out_and_joins_anew_once_the_partition_heals()
    {
        Needs.Engine();
        var job = new TestJob { MinWorkers = 2 };
        string hash = HashOf(job);
        NetworkHosts hosts = Own(new NetworkHosts("coordinator", "w1", "w2"));
        TestCluster cluster = await StartAsync(
            AkkaClusterOptions.Of(
                One,
                ClusterOptions.Alert with
                {
                    Address = $"{hosts.AddressOf("coordinator")}",
                    Token = "a-token-of-the-hosts-0815",
                    Wrapper = hosts.CommandAt,
                },
                hosts.AddressOf),
            "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await cluster.WhenWorkingAsync("w2", run);
        hosts.Part("w2");
        await run.WhenNoticedAsync("waiting for workers: 1 here, 2 needed");
        await cluster.Transcript.WhenSaidAsync("w2", "the cluster has put this node out");
        hosts.Heal("w2");
        await run.WhenNoticedAsync("going on with 2 workers");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    /// <summary>A coordinator that waits for its turn.</summary>
    private static async Task<Node> StartStandbyAsync(TestCluster cluster, string name)
    {
        Node standby = cluster.StartCoordinator(name, 0, 0);
        await cluster.Transcript.WhenSaidAsync(name, "cluster: coordinator");
        return standby;
    }
}
