using System.Net;
using DistTrain.Api;
using DistTrain.Cluster.Coordinator;
using DistTrain.Cluster.Worker;
using DistTrain.Core.Cluster;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;
using DistTrain.LibTorch.Tests.Reference;
using DistTrain.Net.Links;
using DistTrain.TorchSharp.Tests.Runs;

namespace DistTrain.TorchSharp.Tests.Models;

/// <summary>A coordinator and two worker nodes in this process, over real sockets.</summary>
public sealed class UserModelClusterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly TemporaryFolder _folder = new();
    private readonly ShortRuns _runs = new();

    [Fact]
    public async Task Worker_nodes_fetch_the_assembly_and_come_to_the_bits_of_one_process()
    {
        JobSpec job = ShortRuns.Job(ExampleModel.Json, train: 320);
        var (_, alone) = await _runs.TrainAsync(new TorchSharpEngine(), job);
        await using CoordinatorNode coordinator = StartCoordinator();
        using var leave = new CancellationTokenSource();
        string[] names = ["w1", "w2"];
        Task[] workers = [.. names.Select(name => StartWorker(name, coordinator.Endpoint.Port, leave.Token))];
        job = job with { Workers = new WorkersSpec(2, 2) };

        JobView submitted = await coordinator.Control.SubmitAsync(
            new SubmitRequest(JobWriter.Write(job), "job.json", []));
        JobView end = await EndOfAsync(coordinator.Control, submitted.Id);
        await leave.CancelAsync();
        await Task.WhenAll(workers).WaitAsync(Patience);

        end.State.ShouldBe(JobState.Completed, end.Reason);
        end.WeightsSha256.ShouldBe(alone.WeightsSha256.ShouldNotBeNull());
        string file = Path.GetFileName(ExampleModel.Path);
        names.ShouldAllBe(name =>
            Directory.GetFiles(_folder.File(name), file, SearchOption.AllDirectories).Length == 1);
    }

    public void Dispose()
    {
        _runs.Dispose();
        _folder.Dispose();
    }

    private CoordinatorNode StartCoordinator() => CoordinatorNode.Start(new CoordinatorNodeOptions
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        StateDirectory = _folder.File("state"),
        Link = new LinkOptions { Name = "coordinator", Version = "test" },
        Places = PlacesOf("coordinator"),
        Engine = () => new TorchSharpEngine(),
        Say = _ => { },
    });

    private Task StartWorker(string name, int port, CancellationToken leave) => WorkerNode.RunAsync(
        new WorkerNodeOptions
        {
            Name = name,
            CoordinatorHost = "127.0.0.1",
            CoordinatorPort = port,
            Device = "cpu",
            Threads = 1,
            MemoryBytes = 1 << 30,
            Places = PlacesOf(name),
            Link = new LinkOptions { Name = name, Version = "test" },
            Engine = () => new TorchSharpEngine("cpu"),
            Say = _ => { },
        }, leave);

    private DatasetPlaces PlacesOf(string node) => new(null, Path.Combine(_folder.File(node), "data"));

    private static async Task<JobView> EndOfAsync(IClusterControl control, string id)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (JobEvent happened in control.WatchAsync(id, 0, limit.Token))
        {
            _ = happened;
        }

        return (await control.JobAsync(id)).ShouldNotBeNull();
    }
}
