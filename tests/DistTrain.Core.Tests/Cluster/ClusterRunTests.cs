using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using static DistTrain.Core.Tests.Cluster.ClusterBench;

namespace DistTrain.Core.Tests.Cluster;

public sealed class ClusterRunTests
{
    private readonly ClusterBench _bench = new();

    [Fact]
    public void The_attempt_is_on_disk_before_its_run_is_opened()
    {
        _bench.Register("a", 1);
        List<Effect> effects = _bench.Submit(Job("j"));
        int open = effects.IndexOf(new OpenRun(Run("j")));
        PersistJob last = effects.Take(open).OfType<PersistJob>().Last();
        (last.Job.State, last.Job.Attempt).ShouldBe((JobState.Running, 1));
    }

    [Fact]
    public void Workers_are_prepared_when_the_run_is_open_and_join_when_they_are_ready()
    {
        _bench.Register("a", 1);
        _bench.Submit(Job("j"));
        _bench.From(1, new Heartbeat(1)).ShouldBeEmpty("the run is not open yet");
        _bench.Open("j").ShouldBe([new SendToNode(Session(1), new PrepareRun(Run("j"), "{}", Inputs))]);
        _bench.From(1, new RunPrepared(Run("j")))
            .ShouldBe([new TellRun(Run("j"), new WorkerJoined(Actor("a"), 10))]);
        _bench.From(1, new RunPrepared(Run("j"))).ShouldBeEmpty("it came twice");
        _bench.Open("j").ShouldBeEmpty();
        _bench.Member("a").Run.ShouldBe(Run("j"));
    }

    [Fact]
    public void What_stays_unanswered_is_sent_again_until_it_is_answered()
    {
        _bench.Register("a", 1);
        _bench.Submit(Job("j"));
        _bench.Open("j");
        _bench.Pass(2).OfType<SendToNode>().Count(send => send.Message is PrepareRun).ShouldBe(4);
        _bench.From(1, new RunPrepared(Run("j")));
        _bench.Pass(2).OfType<SendToNode>().ShouldNotContain(send => send.Message is PrepareRun);
        _bench.Tell(new RunEnded(Run("j"), RunStatus.Completed, "done"))
            .ShouldContain(new SendToNode(Session(1), new ReleaseRun(Run("j"))));
        _bench.Pass(2).OfType<SendToNode>().Count(send => send.Message is ReleaseRun).ShouldBe(4);
    }

    [Fact]
    public void A_node_is_given_to_the_next_job_only_when_it_has_said_that_it_is_free()
    {
        _bench.RunJob("j", nodes: 1);
        _bench.Submit(Job("k"));
        _bench.Tell(new RunEnded(Run("j"), RunStatus.Completed, "done"))
            .ShouldNotContain(new OpenRun(Run("k")));
        _bench.Job("j").State.ShouldBe(JobState.Completed);
        _bench.Job("j").Reason.ShouldBe("done");
        _bench.From(1, new RunReleased(Run("j"))).ShouldContain(new OpenRun(Run("k")));
    }

    [Fact]
    public void Nodes_of_nearly_equal_speed_count_with_the_same_one_and_a_slow_one_with_its_own()
    {
        _bench.Register("a", 1, speed: 10);
        _bench.Register("b", 2, speed: 11.5);
        _bench.Register("c", 3, speed: 5);
        _bench.Submit(Job("j"));
        _bench.Open("j");
        double[] speeds = [.. new[] { 1, 2, 3 }
            .SelectMany(session => _bench.From(session, new RunPrepared(Run("j"))))
            .OfType<TellRun>().Select(tell => ((WorkerJoined)tell.Message).Speed)];
        speeds.ShouldBe([10, 10, 5]);
    }

    [Fact]
    public void Jobs_run_side_by_side_on_nodes_of_their_own()
    {
        _bench.RunJob("j", nodes: 3, max: 2);
        _bench.Submit(Job("k")).ShouldContain(new OpenRun(Run("k")));
        _bench.Machine.Members.Select(member => member.Run!.Value.Job.Name).ShouldBe(["j", "j", "k"]);
    }

    [Fact]
    public void A_running_job_takes_nodes_that_come_later_up_to_its_maximum()
    {
        _bench.RunJob("j", nodes: 1, max: 2);
        _bench.Register("b", 2)
            .ShouldContain(new SendToNode(Session(2), new PrepareRun(Run("j"), "{}", Inputs)));
        _bench.Register("c", 3);
        _bench.Member("c").Run.ShouldBeNull();
    }

    [Fact]
    public void A_node_that_refuses_is_not_asked_again_in_that_attempt_and_the_job_says_why_it_waits()
    {
        _bench.Register("a", 1);
        _bench.Submit(Job("j"));
        _bench.Open("j");
        List<Effect> effects = _bench.From(1, new RunRefused(Run("j"), "its copy of mnist differs"));
        effects.ShouldContain(
            new ClusterNotice("a cannot take part: its copy of mnist differs", new JobId("j")));
        _bench.Job("j").Reason.ShouldBe("a cannot take part: its copy of mnist differs");
        _bench.Pass(3).OfType<SendToNode>().ShouldNotContain(send => send.Message is PrepareRun);
        _bench.Tell(new RunEnded(Run("j"), RunStatus.Interrupted, "saved"))
            .ShouldContain(new OpenRun(Run("j", 2)));
        _bench.Open("j", 2)
            .ShouldContain(new SendToNode(Session(1), new PrepareRun(Run("j", 2), "{}", Inputs)));
    }

    [Fact]
    public void A_worker_that_joins_after_refusals_clears_the_reason()
    {
        _bench.Register("a", 1);
        _bench.Submit(Job("j"));
        _bench.Open("j");
        _bench.From(1, new RunRefused(Run("j"), "no data"));
        _bench.Register("b", 2);
        _bench.From(2, new RunPrepared(Run("j")));
        _bench.Job("j").Reason.ShouldBeNull();
    }

    [Fact]
    public void Who_is_ready_for_a_run_that_is_not_its_own_is_released_from_it()
    {
        _bench.RunJob("j", nodes: 1);
        _bench.From(1, new RunPrepared(Run("j", 0))).ShouldBe(
            [new SendToNode(Session(1), new ReleaseRun(Run("j", 0)))]);
    }

    [Fact]
    public void A_run_that_cannot_be_opened_fails_its_job_and_frees_the_nodes()
    {
        _bench.Register("a", 1);
        _bench.Submit(Job("j"));
        _bench.Tell(new RunNotOpened(Run("j"), "the data set is gone"));
        _bench.Job("j").State.ShouldBe(JobState.Failed);
        _bench.Job("j").Reason.ShouldBe("the data set is gone");
        _bench.Member("a").Run.ShouldBeNull();
    }

    [Fact]
    public void What_an_earlier_attempt_reports_is_dropped()
    {
        _bench.RunJob("j", nodes: 1);
        _bench.Tell(new RunEnded(Run("j"), RunStatus.Interrupted, "saved"));
        _bench.From(1, new RunReleased(Run("j")));
        _bench.Job("j").Attempt.ShouldBe(2);
        _bench.Tell(new RunEnded(Run("j"), RunStatus.Failed, "late")).ShouldBeEmpty();
        _bench.Tell(new RunNotOpened(Run("j"), "late")).ShouldBeEmpty();
        _bench.Open("j").ShouldBeEmpty();
        _bench.Job("j").State.ShouldBe(JobState.Running);
    }

    [Fact]
    public void A_job_that_lost_workers_below_its_minimum_gets_the_next_idle_nodes_first()
    {
        _bench.RunJob("j", nodes: 2, min: 2, max: 2);
        _bench.Submit(Job("k", min: 1));
        _bench.Tell(new SessionClosed(Session(2), "killed"));
        _bench.Register("c", 3);
        _bench.Member("c").Run.ShouldBe(Run("j"));
    }
}
