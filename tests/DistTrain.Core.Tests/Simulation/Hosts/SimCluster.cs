using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;
using DistTrain.Core.Tests.Simulation.Faults;
using DistTrain.Core.Tests.Simulation.Model;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>
/// A coordinator's process, worker processes, the network between them, and whoever restarts them.
/// </summary>
internal sealed class SimCluster
{
    private readonly World _world;
    private readonly Dictionary<JobId, SimJob> _jobs = [];
    private readonly WorkerNode[] _workers;
    private long _incarnations;
    private long _requests;

    public SimCluster(World world, Weather weather, int workers)
    {
        _world = world;
        Network = new Network(world, weather);
        Disk = new Disk(world);
        Checks = new ClusterChecks(world, Disk);
        StartCoordinator();
        _workers = [.. Enumerable.Range(0, workers).Select(i => Start($"worker-{i}"))];
        world.After(TimeSpan.FromSeconds(0.5), Supervise);
    }

    public Network Network { get; }

    public Disk Disk { get; }

    public ClusterChecks Checks { get; }

    public CoordinatorNode? Coordinator { get; private set; }

    public IReadOnlyList<WorkerNode> Workers => _workers;

    public IReadOnlyCollection<JobId> JobIds => _jobs.Keys;

    public int CrashBetweenEffectsOneIn { get; set; }

    public SimJob JobOf(JobId job) => _jobs[job];

    /// <summary>As a person would ask over the API; nobody answers while the coordinator is down.</summary>
    public void Command(Func<RequestId, IMessage> command)
    {
        if (Coordinator is { IsAlive: true } coordinator)
        {
            IMessage message = command(new RequestId(++_requests));
            _world.Note("someone", "asks for", message);
            Checks.OnCommand(message);
            coordinator.Run(() => coordinator.Tell(message));
        }
    }

    /// <summary>Asks again until the job is in the queue.</summary>
    public void Submit(JobId id, int shape, int minWorkers, int maxWorkers)
    {
        _jobs[id] = SimJob.OfShape(shape);
        var record = new JobRecord
        {
            Id = id,
            State = JobState.Queued,
            Order = 0,
            MinWorkers = minWorkers,
            MaxWorkers = maxWorkers,
        };
        Ask();

        void Ask()
        {
            if (Disk.RecordOf(id) is null)
            {
                Command(request => new SubmitJob(request, record));
                _world.After(TimeSpan.FromSeconds(1), Ask);
            }
        }
    }

    public void OnCoordinatorGone()
    {
        Coordinator = null;
        _world.After(
            TimeSpan.FromSeconds(0.1) + _world.Chance.Exponential(0.8),
            StartCoordinator);
    }

    private void StartCoordinator()
    {
        if (Coordinator is null)
        {
            Coordinator = new CoordinatorNode(_world, this, Disk);
            Coordinator.Begin();
        }
    }

    /// <summary>Whoever has died or left comes back as another process of the same name.</summary>
    private void Supervise()
    {
        for (int i = 0; i < _workers.Length; i++)
        {
            if (!_workers[i].IsAlive && _world.Chance.OneIn(3))
            {
                _workers[i] = Start(_workers[i].Name);
            }
        }
        _world.After(TimeSpan.FromSeconds(0.5), Supervise);
    }

    private WorkerNode Start(string name)
        => new(_world, this, name, ++_incarnations, speed: 1 + _world.Chance.Below(3));
}
