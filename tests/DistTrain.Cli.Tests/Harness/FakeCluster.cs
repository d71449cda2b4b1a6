using System.Runtime.CompilerServices;
using DistTrain.Api;
using DistTrain.Core;
using DistTrain.Core.Cluster;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>A coordinator in memory that keeps what it was asked; the test sets its answers.</summary>
internal sealed class FakeCluster : IClusterControl
{
    public List<JobView> Jobs { get; } = [];

    public List<NodeView> Nodes { get; } = [];

    /// <summary>Commands as they came: "pause mnist-1".</summary>
    public List<string> Asked { get; } = [];

    public SubmitRequest? Submitted { get; private set; }

    /// <summary>The events of the one job that is watched.</summary>
    public List<JobEvent> Events { get; } = [];

    /// <summary>After the events: true, nothing more comes until the watcher has enough.</summary>
    public bool GoesOn { get; set; }

    public string? Result { get; set; }

    public Func<Stream?> Weights { get; set; } = () => null;

    public Func<Stream?> Timeline { get; set; } = () => null;

    public CommandResult Reply { get; set; } = new(CommandStatus.Done, "done");

    /// <summary>Is thrown by whatever is asked.</summary>
    public DistTrainException? Fault { get; set; }

    public static JobView Job(string id, JobState state = JobState.Running) => new()
    {
        Id = id,
        Name = "mnist-mlp",
        State = state,
        Submitted = new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero),
        MinWorkers = 1,
        MaxWorkers = 4,
        Workers = ["a", "b"],
        Epoch = 1,
        Epochs = 2,
        Step = 3,
        Steps = 8,
        Loss = 0.25,
        SamplesPerSecond = 21430,
    };

    public Task<JobView> SubmitAsync(SubmitRequest request, CancellationToken cancellation = default)
    {
        Submitted = request;
        return Answer(Jobs[0]);
    }

    public Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellation = default)
        => Answer<IReadOnlyList<JobView>>(Jobs);

    public Task<JobView?> JobAsync(string id, CancellationToken cancellation = default)
        => Answer(Jobs.Find(job => job.Id == id));

    public Task<CommandResult> PauseAsync(string id, CancellationToken cancellation = default)
        => Command($"pause {id}");

    public Task<CommandResult> ResumeAsync(string id, CancellationToken cancellation = default)
        => Command($"resume {id}");

    public Task<CommandResult> StopAsync(string id, CancellationToken cancellation = default)
        => Command($"stop {id}");

    public Task<CommandResult> ScaleAsync(string id, int workers, CancellationToken cancellation = default)
        => Command($"scale {id} {workers}");

    public Task<CommandResult> DrainAsync(string node, CancellationToken cancellation = default)
        => Nodes.Exists(known => known.Name == node)
            ? Command($"drain {node}")
            : Answer(new CommandResult(CommandStatus.NotFound, "no such node"));

    public Task<ClusterView> ClusterAsync(CancellationToken cancellation = default) => Answer(new ClusterView
    {
        Id = "c0ffee",
        Epoch = 2,
        Version = "0.1.0",
        Listen = "127.0.0.1:7700",
        Started = new DateTimeOffset(2026, 5, 6, 7, 0, 0, TimeSpan.Zero),
        Nodes = Nodes,
        Jobs = Jobs,
        Log = [new LogLine(new DateTimeOffset(2026, 5, 6, 7, 1, 0, TimeSpan.Zero), "a joined")],
    });

    public async IAsyncEnumerable<JobEvent> WatchAsync(
        string id, long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (JobEvent happened in Events.Where(happened => happened.Sequence > after))
        {
            yield return happened;
        }

        if (GoesOn)
        {
            Asked.Add("waiting");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
    }

    public Task<StepCurve?> StepsAsync(string id, int points, CancellationToken cancellation = default)
        => Answer<StepCurve?>(null);

    public Task<string?> ResultAsync(string id, CancellationToken cancellation = default) => Answer(Result);

    public Task<Stream?> FileAsync(string id, JobFile file, CancellationToken cancellation = default)
        => Answer(file switch
        {
            JobFile.Weights => Weights(),
            JobFile.Timeline => Timeline(),
            _ => null,
        });

    private Task<CommandResult> Command(string command)
    {
        Asked.Add(command);
        return Answer(Reply);
    }

    private Task<T> Answer<T>(T value)
        => Fault is null ? Task.FromResult(value) : Task.FromException<T>(Fault);
}
