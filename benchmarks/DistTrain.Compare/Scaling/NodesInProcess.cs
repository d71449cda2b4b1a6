using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DistTrain.Api;
using DistTrain.Cluster.Coordinator;
using DistTrain.Cluster.Worker;
using DistTrain.Compare.ClusterRuns;
using DistTrain.Compare.Reporting;
using DistTrain.Core.Coordination;
using DistTrain.Core.Membership;
using DistTrain.Data.Loading;
using DistTrain.Net.Links;

namespace DistTrain.Compare.Scaling;

/// <summary>
/// A coordinator and any number of worker nodes in this process, over real sockets, with the costless engine.
/// </summary>
internal sealed class NodesInProcess : IAsyncDisposable
{
    private const int Features = 12, Classes = 4, Samples = 1024, Batch = 64;

    /// <summary>Sixty-four nodes on two processors hear of each other late, which is no fault here.</summary>
    private static readonly FailureDetectorOptions Lenient = new()
    {
        SuspectAfter = TimeSpan.FromSeconds(60),
        RemoveAfter = TimeSpan.FromSeconds(120),
    };

    private readonly string _root = Directory.CreateTempSubdirectory("disttrain-bench-nodes-").FullName;
    private readonly CancellationTokenSource _leave = new();
    private readonly CoordinatorNode _coordinator;
    private readonly Task[] _workers;

    private NodesInProcess(int workers)
    {
        WritePoints();
        _coordinator = CoordinatorNode.Start(new CoordinatorNodeOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            StateDirectory = Path.Combine(_root, "state"),
            Link = new LinkOptions { Name = "coordinator", Version = "bench" },
            Detector = Lenient,
            Places = new DatasetPlaces(null, Path.Combine(_root, "coordinator")),
            Engine = () => new CostlessEngine(),
            Say = _ => { },
        });
        // Each begins with a tenth of a second of arithmetic, to measure its speed.
        _workers = [.. Enumerable.Range(1, workers).Select(i => Task.Run(() => RunWorkerAsync(i)))];
    }

    private string PointsPath => Path.Combine(_root, "points.csv");

    /// <summary>The median step of a job that runs to its end, as a line of JSON.</summary>
    /// <param name="workers">Nodes, and shards.</param>
    /// <param name="hidden">Width of the model's two hidden layers; 0: there are none.</param>
    /// <param name="steps">Steps timed; half as many go before.</param>
    public static async Task<string> MeasureAsync(int workers, int hidden, int steps)
    {
        await using var nodes = new NodesInProcess(workers);
        IClusterControl control = nodes._coordinator.Control;
        const int StepsPerEpoch = Samples / Batch;
        JsonObject job = nodes.Job(workers, hidden, (steps * 3 / 2 + StepsPerEpoch - 1) / StepsPerEpoch);
        JobView ended = await ClusterJobs.RunAsync(control, job, CancellationToken.None);
        IReadOnlyList<StepMetrics> taken =
            await ClusterJobs.StepsAsync(control, ended.Id, CancellationToken.None);
        Spread ms = Spread.Of(taken.Skip(taken.Count / 3).Select(step => step.Elapsed.TotalMilliseconds));
        return new JsonObject { ["milliseconds"] = ms.Median, ["steps"] = taken.Count }.ToJsonString();
    }

    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        await Task.WhenAll(_workers);
        await _coordinator.DisposeAsync();
        _leave.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private Task RunWorkerAsync(int number) => WorkerNode.RunAsync(
        new WorkerNodeOptions
        {
            Name = $"worker-{number}",
            CoordinatorHost = "127.0.0.1",
            CoordinatorPort = _coordinator.Endpoint.Port,
            Device = "cpu",
            Threads = 1,
            MemoryBytes = 1 << 30,
            Places = new DatasetPlaces(null, Path.Combine(_root, $"worker-{number}", "data")),
            Link = new LinkOptions { Name = $"worker-{number}", Version = "bench" },
            Engine = () => new CostlessEngine(),
            Say = _ => { },
        },
        _leave.Token);

    private JsonObject Job(int workers, int hidden, int epochs)
    {
        JsonObject job = ClusterJobs.Of("points", Batch, workers, workers, epochs);
        job["model"] = hidden == 0
            ? new JsonObject { ["preset"] = "softmax" }
            : new JsonObject { ["preset"] = "mlp", ["hidden"] = new JsonArray(hidden, hidden) };
        job["dataset"] = new JsonObject { ["name"] = "csv", ["path"] = PointsPath, ["label"] = "label" };
        job["workers"] = ClusterJobs.WorkersOf(workers, workers);
        return job;
    }

    private void WritePoints()
    {
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, Features).Select(f => $"x{f}")));
        text.Append(",label\n");
        for (int i = 0; i < Samples; i++)
        {
            text.AppendJoin(',', Enumerable.Range(0, Features).Select(f => (i * 31 + f * 17) % 101));
            text.Append($",c{i % Classes}\n");
        }
        File.WriteAllText(PointsPath, text.ToString());
    }
}
