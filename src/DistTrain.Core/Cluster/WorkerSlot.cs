using DistTrain.Core.Coordination;

namespace DistTrain.Core.Cluster;

/// <summary>
/// The one worker actor a node has room for.
/// <code>
///   Empty ─order─► Preparing ─ready─► Ready
///     ▲ ▲             │ failed          │
///     │ └─────────────┘                 │ stop (released, link lost, another order)
///     │               └──► Stopping ◄───┘
///     └─stopped, unless an order waits: then it is prepared now
/// </code>
/// Invariant: nothing is started before the last worker's thread is gone.
/// </summary>
internal sealed class WorkerSlot
{
    private PrepareRun? _order;
    private PrepareRun? _next;
    private Phase _phase;

    private enum Phase { Empty, Preparing, Ready, Stopping }

    /// <summary>The run whose worker is here, coming or going; null: none.</summary>
    public RunId? Run => _order?.Run;

    /// <summary>The run that is prepared when the last one has stopped.</summary>
    public RunId? NextRun => _next?.Run;

    public bool IsEmpty => _phase == Phase.Empty;

    public bool IsReady => _phase == Phase.Ready;

    public bool IsStopping => _phase == Phase.Stopping;

    public void Prepare(PrepareRun order, List<Effect> effects)
    {
        if (IsEmpty)
        {
            (_order, _phase) = (order, Phase.Preparing);
            effects.Add(new StartWorker(order));
        }
        else if (IsStopping || order.Run != Run)
        {
            Stop(effects);
            _next = order;
        }
    }

    /// <summary>Stops what is here and forgets what waits.</summary>
    public void Stop(List<Effect> effects)
    {
        _next = null;
        if (_phase is Phase.Preparing or Phase.Ready)
        {
            _phase = Phase.Stopping;
            effects.Add(new StopWorker(_order!.Run));
        }
    }

    /// <returns>True: it was this run's preparation that was waited for.</returns>
    public bool OnPrepared(RunPreparationEnded ended)
    {
        if (_phase != Phase.Preparing || ended.Run != Run)
        {
            return false;
        }
        (_order, _phase) = ended.Error is null ? (_order, Phase.Ready) : (null, Phase.Empty);
        return true;
    }

    /// <returns>True: it was asked to stop, and the slot is empty or prepares the next run.</returns>
    public bool OnStopped(RunId run, List<Effect> effects)
    {
        if (!IsStopping || run != Run)
        {
            return false;
        }
        PrepareRun? next = _next;
        (_order, _next, _phase) = (null, null, Phase.Empty);
        if (next is not null)
        {
            Prepare(next, effects);
        }
        return true;
    }
}
