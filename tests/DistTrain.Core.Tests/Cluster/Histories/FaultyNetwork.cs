using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;

namespace DistTrain.Core.Tests.Cluster.Histories;

/// <summary>
/// Sessions between nodes and the coordinator. While faults are on, every message may be lost, doubled or
/// overtaken, and the end of a session may stay unknown to either side; afterwards the network is a good one.
/// </summary>
internal sealed class FaultyNetwork(VirtualTime time, Random random)
{
    private readonly Dictionary<SessionId, SimulatedNode> _sessions = [];
    private readonly HashSet<SimulatedNode> _cutOff = [];
    private long _numbers;

    public bool Faulty { get; set; } = true;

    public SimulatedCoordinator Coordinator { get; set; } = null!;

    public SessionId Connect(SimulatedNode node)
    {
        SessionId session = new(++_numbers);
        _sessions.Add(session, node);
        return session;
    }

    public bool CanConnect(SimulatedNode node) => Coordinator.IsUp && !_cutOff.Contains(node);

    public void CutOff(SimulatedNode node) => _cutOff.Add(node);

    public void Heal(SimulatedNode node) => _cutOff.Remove(node);

    public void HealAll() => _cutOff.Clear();

    /// <summary>One side closed it; the other hears so, or finds out by silence.</summary>
    public void Close(SessionId session, bool byNode)
    {
        if (!_sessions.Remove(session, out SimulatedNode? node) || (Faulty && random.Next(4) == 0))
        {
            return;
        }
        time.After(Delay(), () =>
        {
            if (byNode)
            {
                Coordinator.Tell(new SessionClosed(session, "closed by the node"));
            }
            else
            {
                node.LinkLost(session);
            }
        });
    }

    /// <summary>The coordinator's process is gone and with it every session.</summary>
    public void CloseAll()
    {
        foreach (SessionId session in _sessions.Keys.ToArray())
        {
            Close(session, byNode: false);
        }
    }

    public void ToCoordinator(SimulatedNode node, SessionId session, IMessage message)
        => Carry(node, session, () => Coordinator.Tell(new FromNode(session, message)));

    public void ToNode(SessionId session, IMessage message)
    {
        if (_sessions.TryGetValue(session, out SimulatedNode? node))
        {
            Carry(node, session, () => node.Receive(session, message));
        }
    }

    private void Carry(SimulatedNode node, SessionId session, Action deliver)
    {
        int copies = !Faulty ? 1 : random.Next(10) switch { 0 => 0, 1 or 2 => 2, _ => 1 };
        for (int copy = 0; copy < copies; copy++)
        {
            time.After(Delay(), () =>
            {
                if (_sessions.ContainsKey(session) && !_cutOff.Contains(node))
                {
                    deliver();
                }
            });
        }
    }

    private int Delay() => Faulty ? (random.Next(5) == 0 ? random.Next(2000) : random.Next(40)) : 2;
}
