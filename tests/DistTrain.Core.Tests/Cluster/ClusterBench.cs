using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Tests.Cluster;

/// <summary>A ClusterMachine with a clock, and short words for what is told to it.</summary>
internal sealed class ClusterBench
{
    public static readonly RunInputs Inputs = new("hash", [], null);
    private readonly List<SessionId> _speaking = [];
    private long _requests;

    public ClusterBench(params JobRecord[] jobs)
    {
        Machine = new ClusterMachine("cluster-1", 4, new FailureDetectorOptions(), jobs);
        Machine.Start(Now, Started);
    }

    public ClusterMachine Machine { get; }

    public List<Effect> Started { get; } = [];

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public static SessionId Session(int number) => new(number);

    public static RunId Run(string job, long attempt = 1) => new(new JobId(job), attempt);

    public static ActorId Actor(string node) => new(node);

    public static JobRecord Job(string id, int min = 1, int max = 9, JobState state = JobState.Queued)
        => new()
        {
            Id = new JobId(id),
            State = state,
            Order = 0,
            MinWorkers = min,
            MaxWorkers = max,
        };

    public List<Effect> Tell(IMessage message)
    {
        List<Effect> effects = [];
        Machine.Handle(message, Now, effects);
        return effects;
    }

    public List<Effect> From(int session, IMessage message) => Tell(new FromNode(Session(session), message));

    public CommandResult Command(Func<RequestId, IMessage> command, out List<Effect> effects)
    {
        RequestId request = new(++_requests);
        effects = Tell(command(request));
        Reply reply = effects.OfType<Reply>().ShouldHaveSingleItem();
        reply.Request.ShouldBe(request);
        return reply.Result;
    }

    public CommandResult Command(Func<RequestId, IMessage> command) => Command(command, out _);

    public List<Effect> Submit(JobRecord job)
    {
        Command(request => new SubmitJob(request, job), out List<Effect> effects).Status
            .ShouldBe(CommandStatus.Done);
        return effects;
    }

    public List<Effect> Register(string node, int session, long incarnation = 1, double speed = 10)
    {
        if (!_speaking.Contains(Session(session)))
        {
            _speaking.Add(Session(session));
        }
        return From(session, new RegisterNode(
            new NodeId(node), incarnation, new NodeDescription("cpu", 4, 1L << 30, speed, "none", "1")));
    }

    public List<Effect> Open(string job, long attempt = 1)
        => Tell(new RunOpened(Run(job, attempt), "{}", Inputs));

    /// <summary>A job on nodes a, b, … over sessions 1, 2, …, all at work.</summary>
    public void RunJob(string job, int nodes, int min = 1, int max = 9)
    {
        for (int index = 0; index < nodes; index++)
        {
            Register($"{(char)('a' + index)}", index + 1);
        }
        Submit(Job(job, min, max));
        Open(job);
        for (int session = 1; session <= nodes; session++)
        {
            From(session, new RunPrepared(Run(job)));
        }
    }

    /// <summary>Time passes with its ticks; sessions that are not silent give their heartbeats.</summary>
    public List<Effect> Pass(double seconds, params int[] silent)
    {
        List<Effect> effects = [];
        for (double passed = 0; passed < seconds; passed += 0.125)
        {
            Now += TimeSpan.FromSeconds(0.125);
            foreach (SessionId session in _speaking.Where(s => Machine.Members.Any(m => m.Session == s))
                .Where(session => !silent.Contains((int)session.Number)))
            {
                effects.AddRange(Tell(new FromNode(session, new Heartbeat(1))));
            }
            effects.AddRange(Tell(new Tick()));
        }
        return effects;
    }

    /// <summary>Time in which this process stood still.</summary>
    public List<Effect> Stall(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Tell(new Tick());
    }

    public JobRecord Job(string id) => Machine.Jobs.Single(job => job.Id.Name == id);

    public Member Member(string node) => Machine.Members.Single(member => member.Node.Name == node);
}
