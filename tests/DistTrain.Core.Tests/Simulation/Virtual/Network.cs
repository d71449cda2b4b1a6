using DistTrain.Core.Tests.Simulation.Faults;
using DistTrain.Core.Tests.Simulation.Hosts;

namespace DistTrain.Core.Tests.Simulation.Virtual;

/// <summary>How the network treats messages in one history.</summary>
/// <param name="Ordered">
/// As TCP does it: in order, once, late rather than lost. Otherwise every message fends for itself.
/// </param>
/// <param name="LossOneIn">0: never.</param>
/// <param name="DoubleOneIn">0: never.</param>
/// <param name="TailOneIn">One message in this many is delayed by up to seconds; 0: none.</param>
internal sealed record Weather(bool Ordered, int LossOneIn, int DoubleOneIn, int TailOneIn);

/// <summary>What messages meet on their way.</summary>
internal sealed class Network(World world, Weather weather)
{
    private Weather _weather = weather;
    private readonly Dictionary<string, TimeSpan> _cutUntil = [];
    private long _links;

    /// <summary>From now on the weather is fine.</summary>
    public void CalmDown()
    {
        _weather = _weather with { LossOneIn = 0, DoubleOneIn = 0, TailOneIn = 0 };
        _cutUntil.Clear();
    }

    public void CutOff(string worker, TimeSpan duration) => _cutUntil[worker] = world.Now + duration;

    public bool IsCutOff(string worker) => Healed(worker) > world.Now;

    public void Connect(WorkerNode worker, CoordinatorNode? coordinator)
    {
        TimeSpan there = Delay();
        if (IsCutOff(worker.Name))
        {
            worker.Post(TimeSpan.FromSeconds(1), () => worker.OnConnectFailed("timed out"));
        }
        else if (coordinator is not { IsAlive: true })
        {
            worker.Post(there, () => worker.OnConnectFailed("refused"));
        }
        else
        {
            var link = new Link(world, this, ++_links, worker, coordinator);
            coordinator.Post(there, () => coordinator.OnConnected(link));
            worker.Post(there + Delay(), () => worker.OnConnected(link));
        }
    }

    /// <summary>
    /// When a message sent now arrives: never, once or twice.
    /// </summary>
    /// <param name="last">When the last one of its direction did or will.</param>
    public (TimeSpan? First, TimeSpan? Second) Arrivals(string worker, ref TimeSpan last)
    {
        TimeSpan first = Max(world.Now, Healed(worker)) + Delay();
        if (_weather.Ordered)
        {
            last = Max(first, last);
            return (last, null);
        }
        if (IsCutOff(worker) || world.Chance.OneIn(_weather.LossOneIn))
        {
            world.Census.Count(FaultKind.Loss);
            return (null, null);
        }
        if (first < last)
        {
            world.Census.Count(FaultKind.Reordering);
        }
        last = Max(first, last);
        if (!world.Chance.OneIn(_weather.DoubleOneIn))
        {
            return (first, null);
        }
        world.Census.Count(FaultKind.Duplication);
        return (first, first + Delay() + world.Chance.Exponential(0.3));
    }

    public TimeSpan Delay()
    {
        TimeSpan usual = TimeSpan.FromMilliseconds(0.5 + 3 * world.Chance.Uniform());
        if (!world.Chance.OneIn(_weather.TailOneIn))
        {
            return usual;
        }
        world.Census.Count(FaultKind.Delay);
        return usual + world.Chance.Exponential(0.5);
    }

    private TimeSpan Healed(string worker) => _cutUntil.GetValueOrDefault(worker);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
