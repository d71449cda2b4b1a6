using DistTrain.Core.Cluster;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Tests.Cluster.Histories;

/// <summary>One history: commands and faults drawn from a seed for a minute, then peace.</summary>
internal sealed class ClusterHistory
{
    private static readonly TimeSpan Peace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly VirtualTime _time = new();
    private readonly Random _random;
    private readonly FaultyNetwork _network;
    private readonly SimulatedCoordinator _coordinator;
    private readonly SimulatedNode[] _nodes;
    private int _jobs;

    public ClusterHistory(int seed)
    {
        _random = new Random(seed);
        _network = new FaultyNetwork(_time, _random);
        _coordinator = new SimulatedCoordinator(
            _time, _random, _network, id => Array.Find(_nodes!, node => node.Id == id)?.ActiveRun);
        _network.Coordinator = _coordinator;
        _nodes = [.. Enumerable.Range(0, _random.Next(2, 6))
            .Select(index => new SimulatedNode(_time, _random, _network, $"node-{index}"))];
        _nodes[0].Refuses = _random.Next(4) == 0;
    }

    public void Play()
    {
        _coordinator.StartProcess();
        foreach (SimulatedNode node in _nodes)
        {
            _time.After(_random.Next(2000), node.StartProcess);
        }
        Submit();
        Disturb();
        _time.RunUntil(Peace, () => false);
        MakePeace();
        bool ended = _time.RunUntil(
            Peace + Patience,
            () => _coordinator.Unanswered == 0 && _coordinator.Disk.Values.All(job => job.IsFinished));
        ended.ShouldBeTrue(
            $"{string.Join(", ", _coordinator.Disk.Values.Where(job => !job.IsFinished))} does not end");
    }

    private void Disturb() => _time.After(_random.Next(50, 1500), () =>
    {
        if (_time.Now < Peace)
        {
            Disturbance();
            Disturb();
        }
    });

    private void Disturbance()
    {
        SimulatedNode node = _nodes[_random.Next(_nodes.Length)];
        switch (_random.Next(16))
        {
            case 0 or 1:
                Submit();
                break;
            case 2:
                _coordinator.Command(request => new PauseJob(request, AnyJob()));
                break;
            case 3 or 4:
                _coordinator.Command(request => new ResumeJob(request, AnyJob()));
                break;
            case 5:
                _coordinator.Command(request => new StopJob(request, AnyJob()));
                break;
            case 6 or 7:
                _coordinator.Command(request => new ScaleJob(request, AnyJob(), _random.Next(0, 6)));
                break;
            case 8:
                _coordinator.Command(request => new DrainNode(request, node.Id));
                _time.After(_random.Next(9000), node.StartProcess);
                break;
            case 9:
                node.Leave();
                _time.After(_random.Next(9000), node.StartProcess);
                break;
            case 10:
                node.Kill();
                _time.After(_random.Next(9000), node.StartProcess);
                break;
            case 11:
                node.Stall(TimeSpan.FromMilliseconds(_random.Next(9000)));
                break;
            case 12:
                node.KillWorker();
                break;
            case 13:
                _network.CutOff(node);
                _time.After(_random.Next(9000), () => _network.Heal(node));
                break;
            case 14:
                _coordinator.Stall(TimeSpan.FromMilliseconds(_random.Next(9000)));
                break;
            default:
                EndCoordinator();
                break;
        }
    }

    private void EndCoordinator()
    {
        if (_random.Next(2) == 0)
        {
            _coordinator.Kill();
        }
        else
        {
            _coordinator.Tell(new ShutdownRequested());
        }
        _time.After(_random.Next(2000, 9000), _coordinator.StartProcess);
    }

    private void MakePeace()
    {
        _network.Faulty = false;
        _network.HealAll();
        // One that was asked to shut down may be about to end: whoever is gone is started until all are there.
        Revive();
    }

    private void Revive()
    {
        _coordinator.StartProcess();
        foreach (SimulatedNode node in _nodes)
        {
            node.StartProcess();
        }
        foreach (JobRecord job in _coordinator.Disk.Values.Where(job => job.State == JobState.Paused).ToArray())
        {
            _coordinator.Command(request => new ResumeJob(request, job.Id));
        }
        _time.After(1000, Revive);
    }

    private JobId AnyJob() => new($"job-{_random.Next(_jobs + 1)}");

    private void Submit()
    {
        // A node that refuses goes on to after faults have stopped: no job may need it.
        int min = _random.Next(1, _nodes.Length + (_nodes[0].Refuses ? 0 : 1));
        JobRecord job = new()
        {
            Id = new JobId($"job-{_jobs++}"),
            State = JobState.Queued,
            Order = 0,
            MinWorkers = min,
            MaxWorkers = min + _random.Next(3),
        };
        _coordinator.Command(request => new SubmitJob(request, job));
    }
}
