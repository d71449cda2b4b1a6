using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DistTrain.Api;
using DistTrain.Core;
using DistTrain.Core.Cluster;

namespace DistTrain.Server.Tests.Fixtures;

/// <summary>A coordinator in memory, with just enough of a mind to be asked and told everything.</summary>
public sealed class FakeCluster : IClusterControl
{
    public const string Node = "node-1";

    private readonly ConcurrentDictionary<string, FakeJob> _jobs = new();
    private readonly List<string> _order = [];

    public List<SubmitRequest> Submitted { get; } = [];

    public List<NodeView> Nodes { get; } =
    [
        new NodeView
        {
            Name = Node, State = NodeState.Draining, Address = "127.0.0.1:2", Device = "cpu", Cores = 2,
            MemoryBytes = 1L << 40, Speed = 12.5, Engine = "none", Version = "0.1.0",
            Pace = new(Node, 4, TimeSpan.FromTicks(12345678), 100, IsSlow: true) { FirstShard = 3 },
        },
    ];

    /// <summary>Thrown by the next question about the cluster.</summary>
    public Exception? Failure { get; set; }

    public FakeJob this[string id] => _jobs[id];

    public FakeJob Add(string id, JobState state = JobState.Running)
    {
        var job = new FakeJob(new JobView
        {
            Id = id,
            Name = "fake",
            State = state,
            MinWorkers = 1,
            MaxWorkers = 4,
            Attempt = 1,
            Submitted = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Workers = [Node],
            Loss = double.NaN,
            Accuracy = 0.5,
            SamplesPerSecond = 1e6,
            Reason = "größer ist „schwerer“",
        });
        _jobs[id] = job;
        _order.Add(id);
        return job;
    }

    public Task<JobView> SubmitAsync(SubmitRequest request, CancellationToken cancellation = default)
    {
        Submitted.Add(request);
        return request.JobJson.Contains("bad", StringComparison.Ordinal)
            ? throw new UserFaultException([$"{request.Source}:1: first fault", $"{request.Source}:2: second"])
            : Task.FromResult(Add($"fake-{_order.Count + 1}", JobState.Queued).View);
    }

    public Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellation = default)
        => Task.FromResult<IReadOnlyList<JobView>>([.. _order.Select(id => _jobs[id].View)]);

    public Task<JobView?> JobAsync(string id, CancellationToken cancellation = default)
        => Task.FromResult(_jobs.GetValueOrDefault(id)?.View);

    public Task<CommandResult> PauseAsync(string id, CancellationToken cancellation = default)
        => Command(id, JobState.Paused);

    public Task<CommandResult> ResumeAsync(string id, CancellationToken cancellation = default)
        => Command(id, JobState.Queued);

    public Task<CommandResult> StopAsync(string id, CancellationToken cancellation = default)
        => Command(id, JobState.Stopped);

    public Task<CommandResult> ScaleAsync(string id, int workers, CancellationToken cancellation = default)
    {
        if (_jobs.TryGetValue(id, out FakeJob? job))
        {
            job.View = job.View with { MaxWorkers = workers };
        }

        return Command(id, job?.View.State ?? JobState.Failed);
    }

    public Task<ClusterView> ClusterAsync(CancellationToken cancellation = default)
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        return Task.FromResult(new ClusterView
        {
            Id = "c1",
            Epoch = 3,
            Version = "0.1.0",
            Listen = "127.0.0.1:1",
            Started = DateTimeOffset.UnixEpoch,
            Nodes = [.. Nodes],
            Departed = [new DepartedView("node-0", "fake-1", "größer", 1.5)],
            Jobs = [.. _order.Select(id => _jobs[id].View)],
            Log = [new LogLine(DateTimeOffset.UnixEpoch, "started")],
        });
    }

    public Task<CommandResult> DrainAsync(string node, CancellationToken cancellation = default)
        => Task.FromResult(node == Node
            ? new CommandResult(CommandStatus.Done, $"{node} is leaving")
            : new CommandResult(CommandStatus.NotFound, $"there is no node {node}"));

    public async IAsyncEnumerable<JobEvent> WatchAsync(
        string id, long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        FakeJob job = _jobs.GetValueOrDefault(id) ?? throw new UserFaultException($"there is no job {id}");
        for (int next = 0; ; next++)
        {
            if (await job.EventAsync(next, cancellation) is not { } happened)
            {
                yield break;
            }

            if (happened.Sequence > after)
            {
                yield return happened;
            }

            if (happened.Result is not null)
            {
                yield break;
            }
        }
    }

    public Task<StepCurve?> StepsAsync(string id, int points, CancellationToken cancellation = default)
        => Task.FromResult(_jobs.TryGetValue(id, out FakeJob? job)
            ? StepCurve.Of([.. job.Steps.Take(points)]) : null);

    public Task<string?> ResultAsync(string id, CancellationToken cancellation = default)
        => Task.FromResult(_jobs.GetValueOrDefault(id)?.Result);

    public Task<Stream?> FileAsync(string id, JobFile file, CancellationToken cancellation = default)
        => Task.FromResult(
            _jobs.TryGetValue(id, out FakeJob? job) && job.Files.TryGetValue(file, out byte[]? bytes)
                ? (Stream)new MemoryStream(bytes, writable: false) : null);

    private Task<CommandResult> Command(string id, JobState wanted)
    {
        if (!_jobs.TryGetValue(id, out FakeJob? job))
        {
            return Task.FromResult(new CommandResult(CommandStatus.NotFound, $"there is no job {id}"));
        }

        if (job.View.State is JobState.Completed or JobState.Stopped)
        {
            return Task.FromResult(new CommandResult(CommandStatus.Conflict, $"{id} is finished already"));
        }

        job.View = job.View with { State = wanted };
        return Task.FromResult(new CommandResult(CommandStatus.Done, $"{id} is {wanted}"));
    }
}
