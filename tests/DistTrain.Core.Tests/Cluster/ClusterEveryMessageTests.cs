using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;
using static DistTrain.Core.Tests.Cluster.ClusterBench;

namespace DistTrain.Core.Tests.Cluster;

/// <summary>Every message in every state, likely or not: nothing throws and what must hold holds.</summary>
public sealed class ClusterEveryMessageTests
{
    private static readonly RequestId Request = new(1000);
    private static readonly JobId J = new("j");

    /// <summary>Node a speaks over session 1, b over 2.</summary>
    private static readonly Dictionary<string, Action<ClusterBench>> States = new()
    {
        ["empty"] = _ => { },
        ["a node"] = bench => bench.Register("a", 1),
        ["a queued job"] = bench => bench.Submit(Job("j", min: 2)),
        ["a paused job"] = bench =>
        {
            bench.Submit(Job("j"));
            bench.Command(request => new PauseJob(request, J));
        },
        ["opening"] = Opening,
        ["stopping while opening"] = bench =>
        {
            Opening(bench);
            bench.Command(request => new StopJob(request, J));
        },
        ["preparing"] = bench =>
        {
            Opening(bench);
            bench.Open("j");
        },
        ["refused"] = bench =>
        {
            Opening(bench);
            bench.Open("j");
            bench.From(1, new RunRefused(Run("j"), "no"));
        },
        ["working"] = bench => bench.RunJob("j", 2),
        ["suspected"] = bench =>
        {
            bench.RunJob("j", 2);
            bench.Pass(3, silent: 1);
        },
        ["draining"] = bench =>
        {
            bench.RunJob("j", 2);
            bench.Command(request => new DrainNode(request, new NodeId("a")));
        },
        ["scaled down"] = bench =>
        {
            bench.RunJob("j", 2);
            bench.Command(request => new ScaleJob(request, J, 1));
        },
        ["pausing"] = bench =>
        {
            bench.RunJob("j", 2);
            bench.Command(request => new PauseJob(request, J));
        },
        ["releasing"] = Releasing,
        ["next attempt"] = bench =>
        {
            Releasing(bench);
            bench.From(1, new RunReleased(Run("j")));
        },
        ["completed"] = bench =>
        {
            bench.RunJob("j", 2);
            bench.Tell(new RunEnded(Run("j"), RunStatus.Completed, "done"));
        },
        ["going down"] = bench =>
        {
            bench.RunJob("j", 2);
            bench.Tell(new ShutdownRequested());
        },
        ["ready to go"] = bench => bench.Tell(new ShutdownRequested()),
    };

    private static readonly IMessage[] Messages =
    [
        .. new IMessage[]
        {
            new Heartbeat(1), new RunPrepared(Run("j")), new RunPrepared(Run("j", 2)),
            new RunRefused(Run("j"), "no"), new RunReleased(Run("j")), new RunReleased(Run("x")),
            new LeaveRequest(), new NodeNotice("fetching"), new LeaveReply(), new RegisterNode(
                new NodeId("a"), 1, NodeBench.Description),
            new RegisterNode(new NodeId("a"), 2, NodeBench.Description),
        }.SelectMany(message => new[] { 1, 2, 9 }.Select(session => new FromNode(Session(session), message))),
        new SessionClosed(Session(1), "closed"), new SessionClosed(Session(9), "closed"), new Tick(),
        new NodeSuspected(new NodeId("a"), "cut off"), new NodeSuspected(new NodeId("x"), "cut off"),
        new SubmitJob(Request, Job("j")), new SubmitJob(Request, Job("k")), new PauseJob(Request, J),
        new ResumeJob(Request, J), new StopJob(Request, J), new ScaleJob(Request, J, 1),
        new ScaleJob(Request, J, 5), new DrainNode(Request, new NodeId("a")), new ShutdownRequested(),
        new RunOpened(Run("j"), "{}", Inputs), new RunNotOpened(Run("j"), "no"),
        new RunEnded(Run("j"), RunStatus.Completed, "done"),
        new RunEnded(Run("j"), RunStatus.Interrupted, "saved"),
        new RunReleasedWorker(Run("j"), new NodeId("a")), new RunReleasedWorker(Run("x"), new NodeId("b")),
        new LinkOpened(),
    ];

    public static TheoryData<string> StateNames => [.. States.Keys];

    [Theory]
    [MemberData(nameof(StateNames))]
    public void Nothing_throws_and_what_must_hold_holds(string state)
    {
        foreach (IMessage message in Messages)
        {
            ClusterBench bench = new();
            States[state](bench);
            var disk = bench.Machine.Jobs.ToDictionary(job => job.Id);
            Check(bench, bench.Tell(message), disk, message);
            List<Effect> again = bench.Tell(message);
            Check(bench, again, disk, message);
            if (message is FromNode or SessionClosed or RunOpened or RunNotOpened or RunEnded
                or RunReleasedWorker)
            {
                again.ShouldNotContain(
                    effect => effect is OpenRun || effect is PersistJob || effect is TellRun,
                    $"{message} changes something at most once");
            }
            Check(bench, bench.Pass(0.5), disk, new Tick());
        }
    }

    private static void Check(
        ClusterBench bench, List<Effect> effects, Dictionary<JobId, JobRecord> disk, IMessage message)
    {
        HashSet<SessionId> closed = [];
        foreach (Effect effect in effects)
        {
            switch (effect)
            {
                case PersistJob persist:
                    disk[persist.Job.Id] = persist.Job;
                    break;
                case OpenRun open:
                    disk[open.Run.Job].Attempt.ShouldBe(open.Run.Attempt);
                    break;
                case CloseSession close:
                    closed.Add(close.Session);
                    break;
                case SendToNode send:
                    closed.ShouldNotContain(send.Session);
                    break;
            }
        }
        bool isCommand = message is SubmitJob or PauseJob or ResumeJob or StopJob or ScaleJob or DrainNode;
        effects.OfType<Reply>().Count().ShouldBe(isCommand ? 1 : 0);
        bench.Machine.Jobs.ShouldBe(disk.Values.OrderBy(job => job.Order), ignoreOrder: false);
        IReadOnlyList<Member> members = bench.Machine.Members;
        members.Select(member => member.Session).ShouldBeUnique();
        members.ShouldAllBe(member => !closed.Contains(member.Session));
    }

    private static void Opening(ClusterBench bench)
    {
        bench.Register("a", 1);
        bench.Submit(Job("j"));
    }

    private static void Releasing(ClusterBench bench)
    {
        bench.RunJob("j", 2);
        bench.Tell(new RunEnded(Run("j"), RunStatus.Interrupted, "saved"));
    }
}
