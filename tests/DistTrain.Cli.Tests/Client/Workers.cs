using DistTrain.Api;
using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Tests.Client;

internal static class Workers
{
    public static NodeView Node(string name) => new()
    {
        Name = name,
        State = NodeState.Alive,
        Address = "127.0.0.1:40000",
        Device = "cpu",
        Cores = 2,
        MemoryBytes = 4L << 30,
        Speed = 1,
        Engine = "libtorch",
        Version = "0.1.0",
        Pace = Pace(name),
    };

    public static WorkerPace Pace(string name)
        => new(name, 6, TimeSpan.FromMilliseconds(12.34), 5300, IsSlow: false);

    public static WorkerPace Slow(string name)
        => new(name, 2, TimeSpan.FromMilliseconds(1500), 900, IsSlow: true);
}
