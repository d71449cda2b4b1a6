using DistTrain.Core.Cluster;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>What must hold of the cluster as a whole, whichever coordinator process is there.</summary>
internal sealed class ClusterChecks(World world, Disk disk)
{
    private readonly HashSet<RunId> _opened = [];
    private readonly Dictionary<RequestId, JobId> _submitted = [];
    private readonly HashSet<JobId> _pauseAsked = [];
    private readonly HashSet<JobId> _stopAsked = [];
    private readonly HashSet<RequestId> _replied = [];

    public void OnCoordinatorStarted() => _replied.Clear();

    public void OnCommand(object command)
    {
        switch (command)
        {
            case SubmitJob submit:
                _submitted[submit.Request] = submit.Job.Id;
                break;
            case PauseJob pause:
                _pauseAsked.Add(pause.Job);
                break;
            case StopJob stop:
                _stopAsked.Add(stop.Job);
                break;
            default:
                break;
        }
    }

    public void OnReply(Reply reply)
    {
        world.Demand(_replied.Add(reply.Request), $"{reply.Request} is answered twice");
        if (_submitted.TryGetValue(reply.Request, out JobId job) && reply.Result.Status == CommandStatus.Done)
        {
            world.Demand(disk.RecordOf(job) is not null, $"{job} is in the queue and not on disk");
        }
    }

    /// <summary>An attempt is made once, is on disk before, and is the only one at its job.</summary>
    public void OnOpen(RunId run, IEnumerable<RunHost> open)
    {
        world.Census.Attempts++;
        world.Demand(
            open.All(other => other.Run.Job != run.Job), $"{run} is opened beside another attempt");
        world.Demand(_opened.Add(run), $"{run} is opened twice");
        IsOnDisk(run);
    }

    public void OnSend(SendToNode send, Link? link)
    {
        if (send.Message is not PrepareRun order)
        {
            return;
        }
        IsOnDisk(order.Run);
        WorkerActorHost? worker = link?.Worker.Worker;
        world.Demand(
            worker is null || worker.Link != link || worker.Run == order.Run,
            $"{link?.Worker.Name} is given to {order.Run} and still works for {worker?.Run}");
    }

    public void OnPersisted(JobRecord job)
    {
        world.Demand(job.State != JobState.Failed, $"{job.Id} failed: {job.Reason}");
        world.Demand(
            job.State is not (JobState.Paused or JobState.Pausing) || _pauseAsked.Contains(job.Id),
            $"{job.Id} is {job.State} and nobody asked for it");
        world.Demand(
            job.State is not (JobState.Stopped or JobState.Stopping) || _stopAsked.Contains(job.Id),
            $"{job.Id} is {job.State} and nobody asked for it");
    }

    private void IsOnDisk(RunId run)
    {
        JobRecord? record = disk.RecordOf(run.Job);
        world.Demand(
            record is not null && record.Attempt == run.Attempt && !record.IsFinished,
            $"{run} is acted on while the disk says {record?.State} and attempt {record?.Attempt}");
    }
}
