using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Tests.Cluster.Histories;

/// <summary>
/// The host of a ClusterMachine: a process with a disk that outlives it, and fake runs. It checks what must
/// hold at every effect.
/// </summary>
internal sealed class SimulatedCoordinator(
    VirtualTime time, Random random, FaultyNetwork network, Func<NodeId, RunId?> activeRunOf)
{
    private static readonly RunInputs Inputs = new("hash", [], null);
    private readonly Dictionary<JobId, int> _stepsLeft = [];
    private readonly Dictionary<RunId, FakeRun> _runs = [];
    private readonly HashSet<RunId> _everOpened = [];
    private readonly HashSet<long> _unanswered = [];
    private readonly Queue<IMessage> _mailbox = [];
    private ClusterMachine? _machine;
    private TimeSpan _stalledUntil;
    private long _epoch;
    private long _requests;

    public Dictionary<JobId, JobRecord> Disk { get; } = [];

    public bool IsUp => _machine is not null;

    public bool EndedByItself { get; private set; }

    public int Unanswered => _unanswered.Count;

    public void StartProcess()
    {
        if (IsUp)
        {
            return;
        }
        EndedByItself = false;
        _machine = new ClusterMachine("cluster", ++_epoch, new FailureDetectorOptions(), [.. Disk.Values]);
        List<Effect> effects = [];
        _machine.Start(time.Now, effects);
        Perform(effects);
        TickOn(_epoch);
    }

    public void Kill()
    {
        _machine = null;
        _runs.Clear();
        _mailbox.Clear();
        _unanswered.Clear();
        _stalledUntil = default;
        network.CloseAll();
    }

    public void Stall(TimeSpan length)
    {
        _stalledUntil = time.Now + length;
        time.After(length, Wake);
    }

    public void Command(Func<RequestId, IMessage> command)
    {
        if (IsUp)
        {
            _unanswered.Add(++_requests);
            Tell(command(new RequestId(_requests)));
        }
    }

    public void Tell(IMessage message)
    {
        if (IsUp)
        {
            _mailbox.Enqueue(message);
            Wake();
        }
    }

    private void Wake()
    {
        while (_machine is not null && time.Now >= _stalledUntil && _mailbox.TryDequeue(out IMessage? message))
        {
            List<Effect> effects = [];
            _machine.Handle(message, time.Now, effects);
            Perform(effects);
        }
    }

    private void TickOn(long epoch) => Later(epoch, 125, () =>
    {
        if (time.Now >= _stalledUntil)
        {
            Tell(new Tick());
        }
        TickOn(epoch);
    });

    private void Perform(List<Effect> effects)
    {
        foreach (Effect effect in effects)
        {
            switch (effect)
            {
                case SendToNode send:
                    network.ToNode(send.Session, send.Message);
                    break;
                case CloseSession close:
                    network.Close(close.Session, byNode: false);
                    break;
                case PersistJob persist:
                    Persist(persist.Job);
                    break;
                case OpenRun open:
                    Open(open.Run);
                    break;
                case TellRun tell:
                    Tell(tell);
                    break;
                case Reply reply:
                    _unanswered.Remove(reply.Request.Number).ShouldBeTrue("each command has one reply");
                    break;
                case ShutdownReady:
                    _runs.ShouldBeEmpty();
                    Disk.Values.ShouldNotContain(job => job.State == JobState.Running);
                    EndedByItself = true;
                    Kill();
                    return;
            }
        }
        _machine!.Jobs.SequenceEqual(Disk.Values.OrderBy(job => job.Order)).ShouldBeTrue("what it knows is on disk");
    }

    private void Persist(JobRecord job)
    {
        if (Disk.TryGetValue(job.Id, out JobRecord? before))
        {
            Arrows.Allow(before.State, job.State).ShouldBeTrue($"{before.State} → {job.State}");
            job.Attempt.ShouldBeGreaterThanOrEqualTo(before.Attempt);
        }
        Disk[job.Id] = job;
    }

    private void Open(RunId run)
    {
        _everOpened.Add(run).ShouldBeTrue($"{run} was opened before");
        JobRecord onDisk = Disk[run.Job];
        onDisk.Attempt.ShouldBe(run.Attempt, "the attempt is on disk before it is told");
        onDisk.State.ShouldBe(JobState.Running);
        _runs.Keys.ShouldNotContain(other => other.Job == run.Job);
        _stepsLeft.TryAdd(run.Job, random.Next(5, 60));
        FakeRun fake = new(run, onDisk.MinWorkers, activeRunOf);
        Later(_epoch, random.Next(1, 400), () =>
        {
            _runs.Add(run, fake);
            Tell(new RunOpened(run, "{}", Inputs));
            StepOn(fake, _epoch);
        });
    }

    private void Tell(TellRun tell)
    {
        if (!_runs.TryGetValue(tell.Run, out FakeRun? run))
        {
            return;
        }
        if (tell.Message is WorkerJoined joined)
        {
            _runs.Values.ShouldNotContain(
                other => other.Workers.Contains(joined.Worker), $"{joined.Worker} is in one run at most");
        }
        run.Tell(tell.Message);
    }

    private void StepOn(FakeRun run, long epoch) => Later(epoch, 50, () =>
    {
        int left = _stepsLeft[run.Id.Job];
        IReadOnlyList<IMessage> said = run.Step(ref left);
        _stepsLeft[run.Id.Job] = left;
        bool ended = said.Any(message => message is RunEnded);
        if (ended)
        {
            _runs.Remove(run.Id);
        }
        foreach (IMessage message in said)
        {
            Tell(message);
        }
        if (!ended)
        {
            StepOn(run, epoch);
        }
    });

    private void Later(long epoch, int milliseconds, Action action) => time.After(milliseconds, () =>
    {
        if (IsUp && epoch == _epoch)
        {
            action();
        }
    });
}
