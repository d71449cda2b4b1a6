using System.Collections.Concurrent;
using DistTrain.Api;
using DistTrain.Cluster.Hosting;
using DistTrain.Cluster.Store;
using DistTrain.Core.Cluster;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// Shows the cluster as it is between two messages of its machine.
/// </summary>
/// <param name="host">Where the machine's actor lives.</param>
/// <param name="jobs">Records, events and progress.</param>
/// <param name="links">Of the sessions there are.</param>
/// <param name="log">The cluster's own.</param>
/// <param name="blank">What does not change: id, epoch, version, address, start.</param>
internal sealed class ClusterSight(
    NodeHost host, JobShelf jobs, ConcurrentDictionary<SessionId, ILink> links, ClusterLog log,
    ClusterView blank)
{
    public Task<IReadOnlyList<Member>> MembersAsync(CancellationToken cancellation)
        => LookAsync((machine, _) => machine.Members, cancellation);

    /// <summary>Jobs of a kind, in the order of submission.</summary>
    public async Task<IReadOnlyList<JobView>> JobsAsync(
        Func<JobRecord, bool> wanted, CancellationToken cancellation)
    {
        (IReadOnlyList<JobRecord> records, IReadOnlyList<Member> members) = await LookAsync(
            (machine, _) => (Records(machine, wanted), machine.Members), cancellation);
        return [.. records.Select(record => View(record, members))];
    }

    public async Task<ClusterView> ClusterAsync(CancellationToken cancellation)
    {
        (var records, var members, var departed, TimeSpan now) = await LookAsync(
            (machine, time) => (
                Records(machine, job => !job.IsFinished), machine.Members, machine.Departed, time),
            cancellation);
        return blank with
        {
            Nodes = [.. members.Select(member => View(member, now))],
            Departed = [.. departed.Select(gone => new DepartedView(
                gone.Node.Name, gone.Job?.Name, gone.Reason, (now - gone.At).TotalSeconds))],
            Jobs = [.. records.Select(record => View(record, members))],
            Log = log.Lines,
        };
    }

    private static IReadOnlyList<JobRecord> Records(ClusterMachine machine, Func<JobRecord, bool> wanted)
        => [.. machine.Jobs.Where(wanted)];

    private JobView View(JobRecord record, IReadOnlyList<Member> members)
    {
        StoredJob stored = jobs.Find(record.Id);
        string[] workers =
            [.. members.Where(member => member.Run?.Job == record.Id).Select(member => member.Node.Name)];
        return jobs.ViewOf(stored, record, workers);
    }

    private NodeView View(Member member, TimeSpan now)
    {
        LinkTraffic traffic = links.TryGetValue(member.Session, out ILink? link) ? link.Traffic : default;
        return new NodeView
        {
            Name = member.Node.Name,
            State = member.IsLeaving ? NodeState.Draining
                : member.IsSuspected ? NodeState.Suspected
                : NodeState.Alive,
            Address = link?.Peer.Address ?? "",
            Device = member.Description.Device,
            Cores = member.Description.Cores,
            MemoryBytes = member.Description.MemoryBytes,
            Speed = member.Description.Speed,
            Engine = member.Description.Engine,
            Version = member.Description.Version,
            Job = member.Run?.Job.Name,
            Pace = member.Run is { } run ? jobs.ProgressOf(run.Job).PaceOf(member.Node.Name) : null,
            SilentSeconds = Math.Max(0, (now - member.LastHeard).TotalSeconds),
            BytesSent = traffic.BytesSent,
            BytesReceived = traffic.BytesReceived,
        };
    }

    private Task<T> LookAsync<T>(Func<ClusterMachine, TimeSpan, T> look, CancellationToken cancellation)
    {
        var seen = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool told = host.Tell(
            ClusterActor.Id, new Inspect((machine, now) => seen.TrySetResult(look(machine, now))));
        return told
            ? seen.Task.WaitAsync(cancellation)
            : throw new Core.RunFaultException("the coordinator is going down");
    }
}
