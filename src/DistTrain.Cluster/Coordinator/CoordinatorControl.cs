using DistTrain.Api;
using DistTrain.Cluster.Hosting;
using DistTrain.Cluster.Store;
using DistTrain.Core.Cluster;
using DistTrain.Core.Jobs;
using DistTrain.Core.Membership;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// A coordinator's side of its API: commands go to the cluster's machine, questions look at it.
/// </summary>
internal sealed class CoordinatorControl(
    NodeHost host, JobShelf jobs, ClusterSight sight) : IClusterControl
{
    public async Task<JobView> SubmitAsync(SubmitRequest request, CancellationToken cancellation = default)
    {
        IReadOnlyList<Member> members = await sight.MembersAsync(cancellation);
        List<string> warnings = [];
        JobSpec job = JobReader.Read(
            request.JobJson, request.Source, [.. request.Set.Select(JobOverride.Set)],
            Math.Max(1, members.Count), warnings.Add, WorkersSpec.AsManyAsCome);
        StoredJob stored = jobs.Create(job);
        warnings.ForEach(jobs.ObserverOf(stored.Id).OnNotice);
        var record = new JobRecord
        {
            Id = stored.Id,
            State = JobState.Queued,
            Order = 0,
            MinWorkers = job.Workers.Min,
            MaxWorkers = job.Workers.Max,
        };
        CommandResult result = await AskAsync(id => new SubmitJob(id, record), cancellation);
        return result.Status == CommandStatus.Done
            ? (await JobAsync(stored.Id.Name, cancellation))!
            : throw new Core.UserFaultException(result.Text);
    }

    public Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellation = default)
        => sight.JobsAsync(_ => true, cancellation);

    public async Task<JobView?> JobAsync(string id, CancellationToken cancellation = default)
        => (await sight.JobsAsync(job => job.Id.Name == id, cancellation)).SingleOrDefault();

    public Task<CommandResult> PauseAsync(string id, CancellationToken cancellation = default)
        => AskAsync(request => new PauseJob(request, new JobId(id)), cancellation);

    public Task<CommandResult> ResumeAsync(string id, CancellationToken cancellation = default)
        => AskAsync(request => new ResumeJob(request, new JobId(id)), cancellation);

    public Task<CommandResult> StopAsync(string id, CancellationToken cancellation = default)
        => AskAsync(request => new StopJob(request, new JobId(id)), cancellation);

    public Task<CommandResult> ScaleAsync(string id, int workers, CancellationToken cancellation = default)
        => AskAsync(request => new ScaleJob(request, new JobId(id), workers), cancellation);

    public Task<ClusterView> ClusterAsync(CancellationToken cancellation = default)
        => sight.ClusterAsync(cancellation);

    public Task<CommandResult> DrainAsync(string node, CancellationToken cancellation = default)
        => AskAsync(request => new DrainNode(request, new NodeId(node)), cancellation);

    public IAsyncEnumerable<JobEvent> WatchAsync(
        string id, long after, CancellationToken cancellation = default)
        => jobs.TryFind(id) is { Record: not null } stored
            ? jobs.JournalOf(stored.Id).WatchAsync(after, cancellation)
            : throw new Core.UserFaultException($"there is no job {id}");

    public Task<StepCurve?> StepsAsync(string id, int points, CancellationToken cancellation = default)
        => jobs.TryFind(id) is { Record: not null } stored
            ? Task.Run<StepCurve?>(() => jobs.StepsOf(stored, points), cancellation)
            : Task.FromResult<StepCurve?>(null);

    public Task<string?> ResultAsync(string id, CancellationToken cancellation = default)
        => Task.FromResult(jobs.TryFind(id) is { } stored ? jobs.ResultOf(stored) : null);

    public Task<Stream?> FileAsync(string id, JobFile file, CancellationToken cancellation = default)
    {
        if (jobs.TryFind(id)?.Directory is not { } directory)
        {
            return Task.FromResult<Stream?>(null);
        }
        string path = file switch
        {
            JobFile.Job => directory.JobPath,
            JobFile.Metrics => directory.MetricsPath,
            JobFile.Weights => directory.WeightsPath,
            JobFile.Report => directory.ReportPath,
            JobFile.Timeline => directory.TimelinePath,
            _ => directory.SummaryPath,
        };
        return Task.FromResult<Stream?>(File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
            : null);
    }

    private Task<CommandResult> AskAsync(
        Func<RequestId, Core.Hosting.IMessage> command, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<CommandResult>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        return host.Tell(ClusterActor.Id, new Ask(command, answer))
            ? answer.Task.WaitAsync(cancellation)
            : Task.FromResult(new CommandResult(CommandStatus.Conflict, "the coordinator is going down"));
    }
}
