using System.Text.Json.Nodes;
using DistTrain.Api;
using DistTrain.Compare.Processes;
using DistTrain.Core;

namespace DistTrain.Compare.ClusterRuns;

/// <summary>
/// A coordinator and workers as processes of the built program, linked over the loopback, with a state
/// directory that goes with them.
/// </summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private const string BuiltProgram = "artifacts/disttrain/disttrain";

    private readonly string _state = Directory.CreateTempSubdirectory("disttrain-bench-state-").FullName;
    private readonly List<Child> _workers = [];
    private Child? _coordinator;
    private ClusterClient? _client;

    private ProcessCluster() { }

    public ClusterClient Client => _client!;

    public IReadOnlyList<Child> Workers => _workers;

    /// <summary>Peaks of resident memory of all its processes, added up.</summary>
    public double PeakRssMegabytes => _workers.Append(_coordinator!).Sum(node => node.PeakRssMegabytes);

    /// <param name="bench">Names the program.</param>
    /// <param name="workers">Worker processes, of one thread each.</param>
    /// <param name="images">The data of all of them.</param>
    /// <param name="timing">Of the failure detector, as arguments of the coordinator.</param>
    /// <exception cref="RunFaultException">A node ended before all were there.</exception>
    public static async Task<ProcessCluster> StartAsync(
        Bench bench, int workers, RandomImages images, params string[] timing)
    {
        var cluster = new ProcessCluster();
        try
        {
            await cluster.StartNodesAsync(bench, workers, images, timing);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await Task.WhenAll(_workers.Select(worker => worker.DisposeAsync().AsTask()));
        if (_coordinator is not null)
        {
            await _coordinator.DisposeAsync();
        }
        Directory.Delete(_state, recursive: true);
    }

    private async Task StartNodesAsync(Bench bench, int workers, RandomImages images, string[] timing)
    {
        string program = bench.Program ?? Checkout.Find(BuiltProgram);
        if (!File.Exists(program))
        {
            throw new UserFaultException($"{program}: there is no such program; ./build.sh build makes one");
        }
        string[] common = ["--settings", "none", "--until-stdin-ends", "--data", images.Folder];
        _coordinator = new Child(
            bench.Children, "the coordinator", program,
            [
                "coordinator", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--state", _state,
                .. timing, .. common,
            ]);
        JsonNode ready = JsonNode.Parse(await _coordinator.LineAsync())!;
        _client = new ClusterClient(new ClusterClientOptions { Server = new Uri((string)ready["http"]!) });
        for (int i = 1; i <= workers; i++)
        {
            _workers.Add(new Child(
                bench.Children, $"worker {i}", program,
                [
                    "worker", "--coordinator", (string)ready["listen"]!, "--name", $"worker-{i}",
                    "--threads", "1", .. common,
                ]));
        }
        foreach (Child worker in _workers)
        {
            await worker.LineAsync();
        }
    }
}
