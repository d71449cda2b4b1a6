using DistTrain.Core.Cluster;
using DistTrain.Core.Membership;
using static DistTrain.Net.Wire.WireLimits;

namespace DistTrain.Net.Wire;

/// <summary>Registration and acceptance.</summary>
internal static class MembershipCodec
{
    private const int MostCores = 1 << 20;

    public static Proto.RegisterNode ToWire(RegisterNode message) => new()
    {
        Node = message.Node.Name,
        Incarnation = message.Incarnation,
        Device = message.Description.Device,
        Cores = message.Description.Cores,
        MemoryBytes = message.Description.MemoryBytes,
        Speed = message.Description.Speed,
        Engine = message.Description.Engine,
        Version = message.Description.Version,
    };

    public static RegisterNode FromWire(Proto.RegisterNode wire) => new(
        new NodeId(Name(wire.Node)),
        wire.Incarnation,
        new NodeDescription(
            Label(wire.Device),
            Between(1, MostCores, wire.Cores),
            AtLeast(0, wire.MemoryBytes),
            Speed(wire.HasSpeed, wire.Speed),
            Label(wire.Engine),
            Label(wire.Version)));

    public static Proto.NodeAccepted ToWire(NodeAccepted message) => new()
    {
        Cluster = message.Cluster,
        Epoch = message.Epoch,
        HeartbeatEvery = message.Detector.HeartbeatEvery.Ticks,
        SuspectAfter = message.Detector.SuspectAfter.Ticks,
        RemoveAfter = message.Detector.RemoveAfter.Ticks,
    };

    public static NodeAccepted FromWire(Proto.NodeAccepted wire) => new(
        Label(wire.Cluster),
        AtLeast(0, wire.Epoch),
        new FailureDetectorOptions
        {
            HeartbeatEvery = Duration(wire.HeartbeatEvery),
            SuspectAfter = Duration(wire.SuspectAfter),
            RemoveAfter = Duration(wire.RemoveAfter),
        });
}
