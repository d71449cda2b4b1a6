using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using static DistTrain.Core.Tests.Cluster.NodeBench;

namespace DistTrain.Core.Tests.Cluster;

/// <summary>Every message in every state, and every two of them: what must hold of a node holds.</summary>
public sealed class NodeEveryMessageTests
{
    private static readonly Dictionary<string, IMessage[]> States = new()
    {
        ["opening"] = [],
        ["waiting"] = [new LinkFailed("refused", false)],
        ["registering"] = [new LinkOpened()],
        ["accepted"] = [new LinkOpened(), Accepted()],
        ["preparing"] = [new LinkOpened(), Accepted(), Order("j", 2)],
        ["working"] = Working,
        ["stopping"] = [.. Working, new ReleaseRun(Run("j", 2))],
        ["stopping for another"] = [.. Working, Order("k")],
        ["released"] = [.. Working, new ReleaseRun(Run("j", 2)), new WorkerStopped(Run("j", 2))],
        ["leaving"] = [.. Working, new LeaveWanted()],
        ["link lost"] = [.. Working, new LinkLost("reset")],
        ["ended"] = [new LinkFailed("wrong token", true)],
    };

    private static readonly IMessage[] Messages =
    [
        new LinkOpened(), new LinkFailed("refused", false), new LinkFailed("wrong token", true),
        new LinkLost("reset"), new RunPreparationEnded(Run("j", 2), null),
        new RunPreparationEnded(Run("j", 2), "no"), new WorkerStopped(Run("j", 2)),
        new WorkerStopped(Run("k")),
        new DeviceFailed("cuda:0 is gone"), new LeaveWanted(), new Tick(), new Heartbeat(1), Accepted(), Accepted(epoch: 3), Accepted(epoch: 9),
        Accepted("cluster-2", 1), new NodeRefused("in use", true), new NodeRefused("no", false),
        Order("j", 1), Order("j", 2), Order("j", 3), Order("k"), new ReleaseRun(Run("j", 1)),
        new ReleaseRun(Run("j", 2)), new ReleaseRun(Run("k")), new LeaveReply(), new LeaveRequest(),
    ];

    public static TheoryData<string> StateNames => [.. States.Keys];

    private static IMessage[] Working
        => [new LinkOpened(), Accepted(), Order("j", 2), new RunPreparationEnded(Run("j", 2), null)];

    [Theory]
    [MemberData(nameof(StateNames))]
    public void Nothing_throws_and_what_must_hold_holds(string state)
    {
        foreach (IMessage first in Messages)
        {
            foreach (IMessage second in Messages)
            {
                NodeBench bench = new();
                Watch watch = new();
                foreach (IMessage message in (IMessage[])[.. States[state], first, second])
                {
                    watch.Check(message, bench.Tell(message), bench.Machine);
                }
            }
        }
    }

    /// <summary>What the host would see.</summary>
    private sealed class Watch
    {
        private bool _hasLink;
        private bool _hasEnded;
        private RunId? _worker;
        private bool _isPrepared;

        public void Check(IMessage message, List<Effect> effects, NodeMachine machine)
        {
            if (_hasEnded)
            {
                effects.ShouldBeEmpty();
                return;
            }
            _hasLink = message switch { LinkOpened => true, LinkLost => false, _ => _hasLink };
            _worker = message switch
            {
                WorkerStopped stopped when stopped.Run == _worker => null,
                RunPreparationEnded { Error: not null } ended when ended.Run == _worker && !_isPrepared
                    => null,
                _ => _worker,
            };
            _isPrepared |= message is RunPreparationEnded prepared && prepared.Run == _worker;
            foreach (Effect effect in effects)
            {
                _hasEnded.ShouldBeFalse("nothing follows the end");
                switch (effect)
                {
                    case SendToCoordinator:
                        _hasLink.ShouldBeTrue();
                        break;
                    case OpenLink or CloseLink:
                        _hasLink = false;
                        break;
                    case StartWorker start:
                        _hasLink.ShouldBeTrue();
                        _worker.ShouldBeNull($"{start.Order.Run} waits until the last worker is gone");
                        (_worker, _isPrepared) = (start.Order.Run, false);
                        break;
                    case EndNode:
                        _hasEnded = true;
                        break;
                }
            }
            (machine.ActiveRun is null || machine.ActiveRun == _worker).ShouldBeTrue();
            (machine.ActiveRun is null || _hasLink).ShouldBeTrue("a worker does not outlive its link");
        }
    }
}
