using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Tests.Cluster;

/// <summary>A NodeMachine with a clock, and short words for what is told to it.</summary>
internal sealed class NodeBench
{
    public static readonly NodeDescription Description = new("cpu", 4, 1L << 30, 10, "none", "1");
    public static readonly RegisterNode Introduction = new(new NodeId("a"), 77, Description);

    public NodeBench() => Machine.Start(Now, Started);

    public NodeMachine Machine { get; } = new(new NodeId("a"), 77, Description);

    public List<Effect> Started { get; } = [];

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public static RunId Run(string job, long attempt = 1) => new(new JobId(job), attempt);

    public static PrepareRun Order(string job, long attempt = 1)
        => new(Run(job, attempt), "{}", ClusterBench.Inputs);

    public static NodeAccepted Accepted(string cluster = "cluster-1", long epoch = 4)
        => new(cluster, epoch, new FailureDetectorOptions());

    public static SendToCoordinator Say(IMessage message) => new(message);

    public List<Effect> Tell(IMessage message)
    {
        List<Effect> effects = [];
        Machine.Handle(message, Now, effects);
        return effects;
    }

    /// <summary>Registered and accepted.</summary>
    public void Join(long epoch = 4)
    {
        Tell(new LinkOpened()).ShouldBe([Say(Introduction)]);
        Tell(Accepted(epoch: epoch));
    }

    /// <summary>With a worker for a run.</summary>
    public void Work(string job)
    {
        Join();
        Tell(Order(job));
        Tell(new RunPreparationEnded(Run(job), null));
        Machine.ActiveRun.ShouldBe(Run(job));
    }

    public List<Effect> Pass(double seconds, bool silent = false)
    {
        List<Effect> effects = [];
        for (double passed = 0; passed < seconds; passed += 0.125)
        {
            Now += TimeSpan.FromSeconds(0.125);
            if (!silent)
            {
                effects.AddRange(Tell(new Heartbeat(1)));
            }
            effects.AddRange(Tell(new Tick()));
        }
        return effects;
    }

    public List<Effect> Stall(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Tell(new Tick());
    }
}
