using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;
using DistTrain.Core.Tests.Simulation.Hosts;

namespace DistTrain.Core.Tests.Simulation.Virtual;

/// <summary>
/// One connection between a worker's process and the coordinator's. Either end may believe it open when the
/// other does not; what is sent over such a link is lost, and tells the sender so if the network lets it.
/// </summary>
internal sealed class Link(
    World world, Network network, long number, WorkerNode worker, CoordinatorNode coordinator)
{
    private TimeSpan _lastUp;
    private TimeSpan _lastDown;
    private bool _openAbove = true;
    private bool _openBelow = true;
    private bool _swallowsResets;

    public SessionId Session => new(number);

    public WorkerNode Worker => worker;

    public void SendUp(IMessage message)
        => Send(message, ref _lastUp, coordinator, () =>
        {
            if (_openAbove)
            {
                coordinator.OnMessage(this, message);
            }
            else
            {
                Notify(() => CloseBelow("reset by the coordinator"));
            }
        });

    public void SendDown(IMessage message)
        => Send(message, ref _lastDown, worker, () =>
        {
            if (_openBelow)
            {
                worker.OnMessage(this, message);
            }
            else
            {
                Notify(() => CloseAbove("reset by the worker"));
            }
        });

    /// <summary>The worker closes its end, or is gone.</summary>
    public void WorkerCloses(bool silently = false)
    {
        _openBelow = false;
        if (!silently)
        {
            Notify(() => CloseAbove("closed by the worker"));
        }
    }

    /// <summary>The coordinator closes its end, or is gone.</summary>
    public void CoordinatorCloses(bool silently = false)
    {
        _openAbove = false;
        if (!silently)
        {
            Notify(() => CloseBelow("closed by the coordinator"));
        }
    }

    /// <summary>
    /// Something between the two breaks it. An end that does not notice may learn it from a reset when it
    /// next sends, or, when resets are swallowed too, from silence alone.
    /// </summary>
    public void Break(bool workerNotices, bool coordinatorNotices, bool swallowsResets)
    {
        _swallowsResets = swallowsResets;
        if (workerNotices)
        {
            CloseBelow("broken");
        }
        if (coordinatorNotices)
        {
            CloseAbove("broken");
        }
    }

    private void CloseBelow(string reason) => worker.Run(() =>
    {
        if (_openBelow)
        {
            _openBelow = false;
            worker.OnLinkLost(this, reason);
        }
    });

    private void CloseAbove(string reason) => coordinator.Run(() =>
    {
        if (_openAbove)
        {
            _openAbove = false;
            coordinator.OnSessionClosed(this, reason);
        }
    });

    /// <summary>A goodbye or a reset: what is cut off does not hear it.</summary>
    private void Notify(Action close)
    {
        if (!_swallowsResets && !network.IsCutOff(worker.Name))
        {
            world.After(network.Delay(), close);
        }
    }

    private void Send(IMessage message, ref TimeSpan last, Process receiver, Action deliver)
    {
        if (message is not Heartbeat)
        {
            world.Note(receiver == worker ? "coordinator" : worker.Name, $"sends over {number}", message);
        }
        (TimeSpan? first, TimeSpan? second) = network.Arrivals(worker.Name, ref last);
        Arrive(first, receiver, deliver);
        Arrive(second, receiver, deliver);
    }

    private void Arrive(TimeSpan? at, Process receiver, Action deliver)
    {
        if (at is { } time)
        {
            world.After(time - world.Now, () => receiver.Run(deliver));
        }
    }
}
