using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using DistTrain.Api;
using DistTrain.Cluster.Coordinator;
using DistTrain.Cluster.Worker;
using DistTrain.Core.Coordination;
using DistTrain.Core.Datasets;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Membership;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;
using DistTrain.Core.Sampling;
using DistTrain.Core.State;
using DistTrain.Data.Loading;
using DistTrain.Net.Links;
using DistTrain.Runs.Weights;
using DistTrain.Runtime.Actors;
using DistTrain.Runtime.Training;

namespace DistTrain.Cluster.Tests.Harness;

/// <summary>
/// A coordinator and worker nodes in this process, over real sockets, with a small job on a table of points.
/// </summary>
internal sealed class SmallCluster : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const int Features = 12;
    private const int Classes = 4;
    private readonly string _root = Directory.CreateTempSubdirectory("disttrain-cluster-").FullName;
    private readonly Dictionary<string, SmallWorker> _workers = [];
    private readonly StringBuilder _log = new();

    public SmallCluster() => WritePoints(TrainFile, 600);

    public CoordinatorNode Coordinator { get; private set; } = null!;

    public IClusterControl Control => Coordinator.Control;

    public string StateDirectory => Path.Combine(_root, "state");

    public string TrainFile => Path.Combine(_root, "data", "train.csv");

    public FailureDetectorOptions Detector { get; init; } = new();

    /// <summary>What the actors of every node live in.</summary>
    public Func<TimeProvider, IActorHost> Host { get; init; } = time => new InProcessHost(time);

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public static async Task<SmallCluster> StartAsync(params string[] workers)
    {
        var cluster = new SmallCluster();
        cluster.StartCoordinator();
        foreach (string name in workers)
        {
            cluster.StartWorker(name);
        }
        await cluster.WhenAsync(view => view.Nodes.Count == workers.Length);
        return cluster;
    }

    public void StartCoordinator(int port = 0) => Coordinator = CoordinatorNode.Start(new CoordinatorNodeOptions
    {
        Listen = new IPEndPoint(IPAddress.Loopback, port),
        StateDirectory = StateDirectory,
        Link = LinkOf("coordinator"),
        Detector = Detector,
        Places = Places("coordinator"),
        Engine = () => new SoftmaxEngine(),
        Say = text => Say($"coordinator: {text}"),
        Host = Host,
    });

    public SmallWorker StartWorker(string name, string? data = null)
    {
        var engine = new SoftmaxEngine();
        var leave = new CancellationTokenSource();
        Task<(int ExitCode, string Reason)> run = WorkerNode.RunAsync(
            new WorkerNodeOptions
            {
                Name = name,
                CoordinatorHost = "127.0.0.1",
                CoordinatorPort = Coordinator.Endpoint.Port,
                Device = "cpu",
                Threads = 1,
                MemoryBytes = 1 << 30,
                Places = Places(name) with { SharedFolder = data },
                Link = LinkOf(name),
                Engine = () => engine,
                Say = text => Say($"{name}: {text}"),
                Host = Host,
            }, leave.Token);
        return _workers[name] = new SmallWorker(engine, leave, run);
    }

    public string JobJson(int epochs = 2, int shards = 8, string extra = "") => $$"""
        {
          "name": "points",
          "model": { "preset": "softmax" },
          "dataset": { "name": "csv", "path": {{JsonSerializer.Serialize(TrainFile)}}, "label": "label", "validation": 60 },
          "batch": { "global": 32, "shards": {{shards}} },
          "epochs": {{epochs}},
          "threads": 1,
          "optimizer": { "name": "sgd", "momentum": 0.9 },
          "learningRate": { "base": 0.05 }{{extra}}
        }
        """;

    public async Task<JobView> SubmitAsync(string jobJson)
        => await Control.SubmitAsync(new SubmitRequest(jobJson, "job.json", []));

    /// <summary>Fingerprint of the weights that one process gives.</summary>
    public async Task<string> ReferenceAsync(string jobJson)
    {
        JobSpec job = JobReader.Read(jobJson, "job.json", [], 1);
        using IDataset dataset = DatasetLoader.Load(job.Dataset, job.Seed, Places("reference"));
        ModelPlan model = ModelPlanner.Plan(job.Model, dataset.Shape, dataset.Classes);
        using var state = new TrainingState(model.Layout!, OptimizerFactory.Create(job.Optimizer));
        Initialisation.Fill(state.Layout, job.Seed, state.Parameters);
        RunOutcome outcome = await TrainingSession.RunAsync(
            new SessionParts(
                job with { Workers = new WorkersSpec(1, 1) }, dataset, model, new SoftmaxEngine(), "cpu", 1,
                state, new TrainingProgress(), null,
                new SilentObserver()),
            TimeProvider.System, CancellationToken.None);
        outcome.Status.ShouldBe(RunStatus.Completed);
        return WeightsHash.Compute(state.Parameters, state.Layout.TotalCount);
    }

    /// <summary>Waits until a job is finished.</summary>
    public async Task<JobView> EndOfAsync(string id)
    {
        await foreach (JobEvent happened in Control.WatchAsync(id, 0).WithPatience(Patience, () => Log))
        {
            _ = happened;
        }
        return (await Control.JobAsync(id))!;
    }

    /// <summary>Waits for an event of a job.</summary>
    public async Task<JobEvent> WhenAsync(string id, Func<JobEvent, bool> wanted)
    {
        await foreach (JobEvent happened in Control.WatchAsync(id, 0).WithPatience(Patience, () => Log))
        {
            if (wanted(happened))
            {
                return happened;
            }
        }
        throw new InvalidOperationException($"the job ended without it\n{Log}");
    }

    /// <summary>Waits until the cluster looks like this.</summary>
    public async Task<ClusterView> WhenAsync(Func<ClusterView, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            ClusterView view = await Control.ClusterAsync();
            if (wanted(view))
            {
                return view;
            }
            limit.IsCancellationRequested.ShouldBeFalse($"the cluster never came to look like that\n{Log}");
            await Task.Yield();
        }
    }

    /// <summary>Waits until a node has said this.</summary>
    public async Task WhenLogAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!Log.Contains(text))
        {
            limit.IsCancellationRequested.ShouldBeFalse($"nobody said: {text}\n{Log}");
            await Task.Yield();
        }
    }

    public SmallWorker Worker(string name) => _workers[name];

    public async ValueTask DisposeAsync()
    {
        foreach (SmallWorker worker in _workers.Values)
        {
            await worker.EndAsync();
        }
        await Coordinator.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private static LinkOptions LinkOf(string name) => new() { Name = name, Version = "test" };

    private DatasetPlaces Places(string node) => new(null, Path.Combine(_root, node, "data"));

    private void Say(string text)
    {
        lock (_log)
        {
            _log.AppendLine(text);
        }
    }

    public static void WritePoints(string path, int count, ulong key = 7)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, Features).Select(f => $"x{f}")) + ",label\n");
        for (int i = 0; i < count; i++)
        {
            int label = i % Classes;
            for (int f = 0; f < Features; f++)
            {
                float x = KeyedRandom.Uniform(KeyedRandom.Key(key, (ulong)i), (ulong)f) + (f % Classes == label ? 1 : 0);
                text.Append(x.ToString(CultureInfo.InvariantCulture)).Append(',');
            }
            text.Append('c').Append(label).Append('\n');
        }
        File.WriteAllText(path, text.ToString());
    }

    private sealed class SilentObserver : IRunObserver;
}

/// <summary>A worker node of a small cluster.</summary>
internal sealed record SmallWorker(
    SoftmaxEngine Engine, CancellationTokenSource Leave, Task<(int ExitCode, string Reason)> Run)
{
    public async Task<(int ExitCode, string Reason)> EndAsync()
    {
        // Twice: the first time it would finish its step, and the coordinator may be gone.
        await Leave.CancelAsync();
        return await Run.WaitAsync(SmallCluster.Patience);
    }
}
