using DistTrain.Core.Cluster;
using DistTrain.Core.Membership;
using DistTrain.Core.Tests.Simulation.Hosts;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Faults;

/// <summary>What befalls a cluster, one misfortune after another, until it is told to stop.</summary>
internal sealed class Chaos
{
    private readonly World _world;
    private readonly SimCluster _cluster;
    private readonly Action[] _misfortunes;
    private readonly double _meanPause;
    private bool _isOver;

    public Chaos(World world, SimCluster cluster)
    {
        (_world, _cluster) = (world, cluster);
        Action[] all =
        [
            Partition, BreakLink, HalfOpenLink, KillWorker, FailWorkerActor, StopWorker, KillCoordinator,
            StopCoordinator, ShutCoordinatorDown, StallClock, SlowWorker, FillDisk, Pause, Resume, StopJob,
            Scale, Drain, Leave,
        ];
        // Few kinds at a time, often: what they do together shows better than in a hail of everything.
        _misfortunes = [.. Enumerable.Range(0, Chance.Between(2, 6)).Select(_ => Chance.Of(all))];
        _meanPause = Chance.OneIn(5) ? 0.05 : 0.1 + Chance.Uniform();
        cluster.CrashBetweenEffectsOneIn = Chance.OneIn(4) ? 150 : 0;
        Next();
    }

    private Chance Chance => _world.Chance;

    /// <summary>Nothing new happens, what was stopped goes on, and the network is as it should be.</summary>
    public void End()
    {
        _isOver = true;
        _cluster.CrashBetweenEffectsOneIn = 0;
        _cluster.Disk.FullUntil = TimeSpan.Zero;
        _cluster.Network.CalmDown();
        _world.Note("network", "is fine from now on");
    }

    private void Next() => _world.After(Chance.Exponential(_meanPause), () =>
    {
        if (!_isOver)
        {
            Chance.Of(_misfortunes)();
            Next();
        }
    });

    private void Partition()
    {
        WorkerNode worker = Chance.Of(_cluster.Workers);
        TimeSpan duration = Chance.Exponential(3);
        Happens(FaultKind.Partition, worker.Name, duration);
        _cluster.Network.CutOff(worker.Name, duration);
    }

    private void BreakLink()
    {
        if (Chance.Of(_cluster.Workers).Link is { } link)
        {
            Happens(FaultKind.LinkBroken, link.Worker.Name);
            link.Break(workerNotices: true, coordinatorNotices: true, swallowsResets: false);
        }
    }

    private void HalfOpenLink()
    {
        if (Chance.Of(_cluster.Workers).Link is { } link)
        {
            bool workerNotices = Chance.OneIn(2);
            Happens(FaultKind.LinkHalfOpen, link.Worker.Name, workerNotices);
            link.Break(workerNotices, !workerNotices, swallowsResets: Chance.OneIn(2));
        }
    }

    private void KillWorker()
    {
        WorkerNode worker = Chance.Of(_cluster.Workers);
        bool silently = Chance.OneIn(2);
        if (worker.IsAlive)
        {
            Happens(silently ? FaultKind.WorkerLostPower : FaultKind.WorkerKilled, worker.Name);
            worker.Kill(silently);
        }
    }

    private void FailWorkerActor()
    {
        WorkerNode worker = Chance.Of(_cluster.Workers);
        // A worker that dies again and again is rightly given up, and then nothing would ever finish.
        if (_world.Census.Of(FaultKind.WorkerActorDied) < 2 && worker.IsAlive && worker.FailWorker())
        {
            Happens(FaultKind.WorkerActorDied, worker.Name);
        }
    }

    private void StopWorker() => StopAndContinue(Chance.Of(_cluster.Workers), FaultKind.WorkerStopped);

    private void StopCoordinator() => StopAndContinue(_cluster.Coordinator, FaultKind.CoordinatorStopped);

    private void StopAndContinue(Process? process, FaultKind kind)
    {
        if (process is { IsAlive: true, IsStopped: false })
        {
            Happens(kind, process.Name);
            process.Stop();
            _world.After(Chance.Exponential(3), process.Continue);
        }
    }

    private void KillCoordinator()
    {
        if (_cluster.Coordinator is { IsAlive: true } coordinator)
        {
            Happens(FaultKind.CoordinatorKilled, coordinator.Name);
            coordinator.Kill(silently: Chance.OneIn(3));
        }
    }

    /// <summary>Asked politely, and killed if it takes too long.</summary>
    private void ShutCoordinatorDown()
    {
        if (_cluster.Coordinator is { } coordinator)
        {
            _cluster.Command(_ => new ShutdownRequested());
            _world.After(TimeSpan.FromSeconds(8), () => coordinator.Kill(silently: false));
        }
    }

    private void StallClock()
    {
        Process? process = Chance.OneIn(2) ? _cluster.Coordinator : Chance.Of(_cluster.Workers);
        if (process is { IsAlive: true })
        {
            Happens(FaultKind.ClockStalled, process.Name);
            process.StallClock();
            _world.After(Chance.Exponential(2), process.FreeClock);
        }
    }

    private void SlowWorker()
    {
        WorkerNode worker = Chance.Of(_cluster.Workers);
        worker.Slowness = Chance.Between(2, 20);
        Happens(FaultKind.WorkerSlowed, worker.Name, worker.Slowness);
        _world.After(Chance.Exponential(3), () => worker.Slowness = 1);
    }

    private void FillDisk()
    {
        _cluster.Disk.FullUntil = _world.Now + Chance.Exponential(0.7);
        _world.Note("disk", "is full until", _cluster.Disk.FullUntil);
    }

    private void Pause() => Ask(FaultKind.Pause, (request, job) => new PauseJob(request, job));

    private void Resume() => Ask(FaultKind.Resume, (request, job) => new ResumeJob(request, job));

    private void StopJob()
    {
        // Rarely: a stopped job does not come back, and most are to be trained to the end.
        if (Chance.OneIn(4))
        {
            Ask(FaultKind.StopJob, (request, job) => new StopJob(request, job));
        }
    }

    private void Scale()
        => Ask(FaultKind.Scale, (request, job) => new ScaleJob(request, job, Chance.Between(1, 5)));

    private void Drain()
    {
        string worker = Chance.Of(_cluster.Workers).Name;
        Happens(FaultKind.Drain, worker);
        _cluster.Command(request => new DrainNode(request, new NodeId(worker)));
    }

    /// <summary>As SIGTERM at the node.</summary>
    private void Leave()
    {
        WorkerNode worker = Chance.Of(_cluster.Workers);
        Happens(FaultKind.Leave, worker.Name);
        worker.Run(() => worker.Tell(new LeaveWanted()));
    }

    private void Ask(FaultKind kind, Func<RequestId, JobId, Core.Hosting.IMessage> command)
    {
        JobId job = Chance.Of(_cluster.JobIds.ToArray());
        _world.Census.Count(kind);
        _cluster.Command(request => command(request, job));
    }

    private void Happens(FaultKind kind, string to, object? how = null)
    {
        _world.Census.Count(kind);
        _world.Note("fault", $"{kind}:", $"{to} {how}");
    }
}
