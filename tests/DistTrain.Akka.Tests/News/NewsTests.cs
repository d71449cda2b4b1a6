using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistTrain.Akka.Membership;
using DistTrain.Akka.Messages;
using DistTrain.Akka.News;
using DistTrain.Api;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using AkkaCluster = Akka.Cluster.Cluster;

namespace DistTrain.Akka.Tests.News;

/// <summary>What the coordinator publishes, seen by a subscriber.</summary>
public sealed class NewsTests : TestKit
{
    private static readonly JobId Job = new("mnist-3");
    private readonly HandTime _time = new();
    private readonly NewsDesk _desk;

    public NewsTests()
        : base(ConfigurationFactory
            .ParseString("akka.test.single-expect-default = 30s")
            .WithFallback(ClusterSystem.ConfigurationOf(
                new AkkaOptions { Host = "127.0.0.1", Port = 0, Seeds = [] }, ClusterSystem.CoordinatorRole)))
    {
        AkkaCluster cluster = AkkaCluster.Get(Sys);
        cluster.Join(cluster.SelfAddress);
        _desk = new NewsDesk(Sys, _time);
    }

    [Fact]
    public void States_and_notices_are_told_as_the_API_has_them_and_steps_are_not()
    {
        TestProbe reader = Subscribed(Topics.JobEvents);
        var notice = new JobEvent(1, DateTimeOffset.UnixEpoch) { Notice = "fetching" };
        _desk.Tell(Job, Step(0));
        _desk.Tell(Job, notice);
        reader.ExpectMsg<JobEventTold>().ShouldBe(new JobEventTold(Job.Name, notice));
    }

    [Fact]
    public void A_version_is_announced_at_once_and_then_no_more_often_than_four_times_a_second()
    {
        TestProbe reader = Subscribed(Topics.Weights);
        _desk.Tell(Job, Step(0));
        _desk.Tell(Job, Step(1));
        _time.Now += TimeSpan.FromMilliseconds(249);
        _desk.Tell(Job, Step(2));
        _time.Now += TimeSpan.FromMilliseconds(1);
        _desk.Tell(Job, Step(3));
        reader.ExpectMsg<WeightsAnnounced>().ShouldBe(new WeightsAnnounced(Job.Name, 1));
        reader.ExpectMsg<WeightsAnnounced>().ShouldBe(new WeightsAnnounced(Job.Name, 4));
    }

    [Fact]
    public void A_decision_to_stop_early_is_told_with_its_reason()
    {
        TestProbe reader = Subscribed(Topics.Stopping);
        _desk.Tell(Job, State(JobState.Running, null));
        _desk.Tell(Job, State(JobState.StoppedEarly, "no improvement in 3 epochs"));
        reader.ExpectMsg<StoppingDecided>()
            .ShouldBe(new StoppingDecided(Job.Name, "no improvement in 3 epochs"));
    }

    [Fact]
    public void A_standby_says_states_and_at_its_turn_how_far_the_unfinished_jobs_were()
    {
        TestProbe said = CreateTestProbe();
        IReadOnlyList<string> topics = [Topics.JobEvents, Topics.Weights];
        Action<string> say = line => said.Tell(line);
        IActorRef listener = Sys.ActorOf(Props.Create(() => new NewsListener(topics, say)));
        listener.Tell(new WeightsAnnounced("a-1", 7));
        listener.Tell(new WeightsAnnounced("b-2", 9));
        listener.Tell(new JobEventTold("a-1", new JobEvent(1, default) { Result = "{}" }));
        listener.Tell(new JobEventTold("b-2", State(JobState.Paused, "as asked")));
        said.ExpectMsg<string>().ShouldBe("b-2 is paused: as asked");
        listener.Tell(NewsListener.TakingOver.Instance);
        said.ExpectMsg<string>().ShouldBe("b-2: version 9 is the last that was announced");
        listener.Tell(new JobEventTold("b-2", State(JobState.Running, null)));
        said.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    private TestProbe Subscribed(string topic)
    {
        TestProbe reader = CreateTestProbe();
        DistributedPubSub.Get(Sys).Mediator.Tell(new Subscribe(topic, reader), reader);
        reader.ExpectMsg<SubscribeAck>();
        return reader;
    }

    private static JobEvent Step(long step) => new(step + 1, default)
    {
        Step = new StepMetrics(step, 1, 0.5, null, 0.1, 32, 1, Skipped: false, TimeSpan.Zero),
    };

    private static JobEvent State(JobState state, string? reason)
        => new(1, DateTimeOffset.UnixEpoch) { State = new JobStateChange(state, reason) };

    private sealed class HandTime : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
