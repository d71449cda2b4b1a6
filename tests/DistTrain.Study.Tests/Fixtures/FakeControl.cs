using System.Runtime.CompilerServices;
using System.Text;
using DistTrain.Api;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Study.Tests.Fixtures;

/// <summary>A coordinator as far as a study talks to one: every job takes one step.</summary>
internal sealed class FakeControl : IClusterControl
{
    public List<JobView> Jobs { get; } = [];

    /// <summary>Commands as they came: "pause ID".</summary>
    public List<string> Asked { get; } = [];

    public SubmitRequest? Submitted { get; private set; }

    public string? Result { get; set; }

    /// <summary>After the step nothing more comes until the watcher has enough.</summary>
    public bool GoesOn { get; set; }

    /// <summary>Somebody watches.</summary>
    public TaskCompletionSource Watched { get; } = new();

    public static JobView View(string id, string name, JobState state) => new()
    {
        Id = id,
        Name = name,
        State = state,
        Submitted = DateTimeOffset.UnixEpoch,
        MinWorkers = 1,
        MaxWorkers = 1,
    };

    public Task<JobView> SubmitAsync(SubmitRequest request, CancellationToken cancellation = default)
    {
        Submitted = request;
        Jobs.Add(View("new", request.Source, JobState.Running));
        return Task.FromResult(Jobs[^1]);
    }

    public Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellation = default)
        => Task.FromResult<IReadOnlyList<JobView>>(Jobs);

    public Task<JobView?> JobAsync(string id, CancellationToken cancellation = default)
        => Task.FromResult(Jobs.Find(job => job.Id == id));

    public Task<CommandResult> PauseAsync(string id, CancellationToken cancellation = default)
        => Ask($"pause {id}");

    public Task<CommandResult> ResumeAsync(string id, CancellationToken cancellation = default)
        => Ask($"resume {id}");

    public Task<CommandResult> StopAsync(string id, CancellationToken cancellation = default)
        => Ask($"stop {id}");

    public Task<CommandResult> ScaleAsync(string id, int workers, CancellationToken cancellation = default)
        => Ask($"scale {id} {workers}");

    public Task<ClusterView> ClusterAsync(CancellationToken cancellation = default)
        => throw new InvalidOperationException("a launcher does not ask for it");

    public Task<CommandResult> DrainAsync(string node, CancellationToken cancellation = default)
        => Ask($"drain {node}");

    public async IAsyncEnumerable<JobEvent> WatchAsync(
        string id, long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        yield return new JobEvent(1, DateTimeOffset.UnixEpoch)
        {
            Step = new StepMetrics(0, 1, 1, null, 0.1, 32, 1, false, TimeSpan.FromSeconds(1)),
        };
        if (GoesOn)
        {
            Watched.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
    }

    public Task<StepCurve?> StepsAsync(string id, int points, CancellationToken cancellation = default)
        => Task.FromResult<StepCurve?>(null);

    public Task<string?> ResultAsync(string id, CancellationToken cancellation = default)
        => Task.FromResult(Result);

    public Task<Stream?> FileAsync(string id, JobFile file, CancellationToken cancellation = default)
        => Task.FromResult<Stream?>(new MemoryStream(Encoding.UTF8.GetBytes($"{file}")));

    private Task<CommandResult> Ask(string command)
    {
        Asked.Add(command);
        return Task.FromResult(new CommandResult(CommandStatus.Done, "done"));
    }
}
