using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>
/// A worker node's decisions: connecting and coming back (<see cref="CoordinatorLink"/>), taking part in runs
/// (<see cref="RunPart"/>), leaving.
/// <para>Invariants: a worker never outlives the link over which it was ordered, and the next one starts only
/// when its thread is gone, so that no gradient is computed for a coordinator that has given the node up; a
/// coordinator with a lower epoch than one seen before is not obeyed.</para>
/// <para>The host tells a <see cref="WorkerStopped"/> for each <see cref="StopWorker"/>, whether or not there
/// was anything left to stop, and drops what comes over a link that was closed.</para>
/// </summary>
public sealed class NodeMachine
{
    private readonly CoordinatorLink _link;
    private readonly RunPart _part = new();
    private readonly Pace _leaveAsked = new();
    private bool _leaving;
    private bool _ended;

    /// <param name="self">The node's name.</param>
    /// <param name="incarnation">Drawn at the start of the process.</param>
    /// <param name="description">What it has to offer.</param>
    public NodeMachine(NodeId self, long incarnation, NodeDescription description)
    {
        _link = new CoordinatorLink(new RegisterNode(self, incarnation, description));
    }

    /// <summary>The run whose worker actor lives here; its messages go to that actor, no others.</summary>
    public RunId? ActiveRun => _part.ActiveRun;

    /// <summary>To be called once, before anything is handled.</summary>
    public void Start(TimeSpan now, List<Effect> effects)
    {
        _link.Observe(now);
        _link.Open(effects);
    }

    /// <summary>Handles one message; effects are appended in the order they are to be performed.</summary>
    /// <param name="message">
    /// Of the coordinator (NodeMessages.cs), of the host (ClusterEffects.cs), or <see cref="Tick"/>, about
    /// four times in a heartbeat's period; others are dropped.
    /// </param>
    /// <param name="now">Time since any fixed moment; never goes back.</param>
    /// <param name="effects">Receives what is to be done.</param>
    public void Handle(IMessage message, TimeSpan now, List<Effect> effects)
    {
        if (_ended)
        {
            return;
        }
        _link.Observe(now);
        switch (message)
        {
            case Tick:
                OnTick(now, effects);
                break;
            case LinkOpened when _link.IsOpening:
                _link.OnOpened(now, effects);
                break;
            case LinkFailed { Permanent: true } failed when _link.IsOpening:
                End(2, failed.Reason, effects);
                break;
            case LinkFailed when _link.IsOpening:
                _link.Retry(now);
                break;
            case LinkLost lost when _link.IsThere:
                LoseLink(lost.Reason, now, effects);
                break;
            case RunPreparationEnded ended:
                _part.OnPrepared(ended, effects);
                break;
            case WorkerStopped stopped:
                OnWorkerStopped(stopped.Run, now, effects);
                break;
            case DeviceFailed failed:
                OnDeviceFailed(failed.Reason, effects);
                break;
            case LeaveWanted:
                OnLeaveWanted(now, effects);
                break;
            default:
                OnCoordinator(message, now, effects);
                break;
        }
    }

    private void OnCoordinator(IMessage message, TimeSpan now, List<Effect> effects)
    {
        if (!_link.IsThere)
        {
            return;
        }
        _link.Hear();
        switch (message)
        {
            case NodeAccepted accepted:
                OnAccepted(accepted, now, effects);
                break;
            // Once accepted, a refusal can only be an answer to an earlier registration.
            case NodeRefused refused when _link.IsRegistering && !refused.TryAgain:
                End(2, refused.Reason, effects);
                break;
            case NodeRefused refused when _link.IsRegistering:
                LoseLink(refused.Reason, now, effects);
                break;
            case PrepareRun order when _link.IsAccepted && !_leaving:
                _part.OnPrepare(order, effects);
                break;
            case ReleaseRun release when _link.IsAccepted:
                _part.OnRelease(release.Run, effects);
                break;
            case LeaveReply when _link.IsAccepted:
                End(0, "it has left the cluster", effects);
                break;
            default:
                break;
        }
    }

    private void OnAccepted(NodeAccepted accepted, TimeSpan now, List<Effect> effects)
    {
        if (_link.Accept(accepted, isBusy: !_part.IsEmpty, now) is { } objection)
        {
            LoseLink(objection, now, effects);
        }
    }

    private void OnTick(TimeSpan now, List<Effect> effects)
    {
        if (_link.IsSilent)
        {
            LoseLink("the coordinator is silent", now, effects);
            return;
        }
        _link.OnTick(now, effects);
        if (_leaving && _leaveAsked.IsDue(now, _link.Period))
        {
            effects.Add(new SendToCoordinator(new LeaveRequest()));
        }
    }

    private void OnWorkerStopped(RunId run, TimeSpan now, List<Effect> effects)
    {
        if (!_part.OnStopped(run, effects))
        {
            // It ended by itself. A new registration is what tells the run for certain that it is lost.
            string text = $"its worker for {run} ended by a fault";
            effects.Add(new SendToCoordinator(new NodeNotice(text)));
            LoseLink(text, now, effects);
        }
    }

    /// <summary>
    /// Not a leave, for there is nothing that it could still finish. Whoever keeps it running, a Deployment
    /// say, starts a process that sees the device afresh, or waits for it.
    /// </summary>
    private void OnDeviceFailed(string reason, List<Effect> effects)
    {
        if (_link.IsThere)
        {
            effects.Add(new SendToCoordinator(new NodeNotice(reason)));
            effects.Add(new CloseLink(reason));
        }
        End(1, reason, effects);
    }

    private void OnLeaveWanted(TimeSpan now, List<Effect> effects)
    {
        if (_leaving || !_link.IsAccepted)
        {
            End(0, _leaving ? "asked twice to leave" : "asked to leave while in no cluster", effects);
            return;
        }
        _leaving = true;
        _leaveAsked.Done(now);
        effects.Add(new SendToCoordinator(new LeaveRequest()));
    }

    /// <summary>Whoever ended it: the link is closed, the worker stops, later there is a new one.</summary>
    private void LoseLink(string reason, TimeSpan now, List<Effect> effects)
    {
        effects.Add(new CloseLink(reason));
        _part.OnLinkGone(effects);
        _link.Retry(now);
        if (_leaving)
        {
            // What it had in hand is lost with the link: nothing is left to wait for.
            End(0, reason, effects);
        }
    }

    private void End(int exitCode, string reason, List<Effect> effects)
    {
        _ended = true;
        _part.OnLinkGone(effects);
        effects.Add(new EndNode(exitCode, reason));
    }
}
