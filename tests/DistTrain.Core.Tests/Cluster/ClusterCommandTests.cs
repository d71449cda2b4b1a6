using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;
using static DistTrain.Core.Tests.Cluster.ClusterBench;

namespace DistTrain.Core.Tests.Cluster;

public sealed class ClusterCommandTests
{
    private readonly ClusterBench _bench = new();

    [Fact]
    public void A_job_is_on_disk_before_its_submission_is_confirmed()
    {
        List<Effect> effects = _bench.Submit(
            Job("j") with { Attempt = 8, State = JobState.Failed, Order = 99 });
        effects[0].ShouldBe(new PersistJob(Job("j") with { Order = 1 }));
        effects[1].ShouldBeOfType<Reply>();
        _bench.Submit(Job("k"));
        _bench.Machine.Jobs.Select(job => job.Order).ShouldBe([1, 2]);
        _bench.Job("j").Reason.ShouldBe("waiting for 1 idle worker");
    }

    [Fact]
    public void A_name_twice_and_impossible_numbers_of_workers_are_conflicts()
    {
        _bench.Submit(Job("j"));
        _bench.Command(request => new SubmitJob(request, Job("j"))).Status.ShouldBe(CommandStatus.Conflict);
        _bench.Command(request => new SubmitJob(request, Job("k", 0, 1))).Status
            .ShouldBe(CommandStatus.Conflict);
        _bench.Command(request => new SubmitJob(request, Job("k", 3, 2))).Status
            .ShouldBe(CommandStatus.Conflict);
        _bench.Machine.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        JobId job = new("nowhere");
        Func<RequestId, IMessage>[] commands =
        [
            request => new PauseJob(request, job), request => new ResumeJob(request, job),
            request => new StopJob(request, job), request => new ScaleJob(request, job, 2),
            request => new DrainNode(request, new NodeId("nowhere")),
        ];
        foreach (Func<RequestId, IMessage> command in commands)
        {
            _bench.Command(command).Status.ShouldBe(CommandStatus.NotFound);
        }
    }

    [Fact]
    public void A_pause_is_on_disk_before_the_run_is_told_and_done_when_the_run_has_saved()
    {
        _bench.RunJob("j", nodes: 1);
        _bench.Command(request => new PauseJob(request, new JobId("j")), out List<Effect> effects);
        effects.OfType<PersistJob>().ShouldHaveSingleItem().Job.State.ShouldBe(JobState.Pausing);
        int told = effects.IndexOf(new TellRun(Run("j"), new StopRequested("paused on request")));
        told.ShouldBeGreaterThan(effects.FindIndex(effect => effect is PersistJob));
        _bench.Command(request => new PauseJob(request, new JobId("j")), out effects);
        effects.ShouldHaveSingleItem("it is told once");
        _bench.Tell(new RunEnded(Run("j"), RunStatus.Interrupted, "paused on request"));
        _bench.Job("j").State.ShouldBe(JobState.Paused);
        _bench.From(1, new RunReleased(Run("j"))).ShouldBeEmpty("nobody wants the node");
        _bench.Command(request => new ResumeJob(request, new JobId("j")), out effects);
        effects.ShouldContain(new OpenRun(Run("j", 2)));
    }

    [Fact]
    public void A_stop_while_the_run_is_being_opened_reaches_it_when_it_is_open()
    {
        _bench.Register("a", 1);
        _bench.Submit(Job("j"));
        _bench.Command(request => new StopJob(request, new JobId("j")), out List<Effect> effects);
        effects.ShouldNotContain(effect => effect is TellRun);
        _bench.Member("a").Run.ShouldBeNull("it was told of nothing");
        _bench.Open("j").ShouldBe([new TellRun(Run("j"), new StopRequested("stopped on request"))]);
        _bench.Tell(new RunEnded(Run("j"), RunStatus.Interrupted, "stopped on request"));
        _bench.Job("j").State.ShouldBe(JobState.Stopped);
        _bench.Command(request => new StopJob(request, new JobId("j"))).Text
            .ShouldBe("j has ended (stopped) and cannot be stopped; submit it again to repeat it");
    }

    [Fact]
    public void A_run_that_is_to_end_gets_no_more_workers_and_those_underway_are_taken_back()
    {
        _bench.RunJob("j", nodes: 1);
        _bench.Register("b", 2);
        _bench.Command(request => new PauseJob(request, new JobId("j")), out List<Effect> effects);
        effects.ShouldContain(new SendToNode(Session(2), new ReleaseRun(Run("j"))));
        _bench.From(2, new RunPrepared(Run("j"))).ShouldBeEmpty("its answer crossed the release");
        _bench.From(2, new RunReleased(Run("j")));
        _bench.Member("b").Run.ShouldBeNull();
    }

    [Fact]
    public void A_run_that_is_to_end_and_loses_its_last_worker_is_told_again_to_save()
    {
        _bench.RunJob("j", nodes: 1);
        _bench.Command(request => new StopJob(request, new JobId("j")));
        List<Effect> effects = _bench.Tell(new SessionClosed(Session(1), "killed"));
        effects[0].ShouldBe(new TellRun(Run("j"), new WorkerLost(Actor("a"), "killed")));
        effects[1].ShouldBe(new TellRun(Run("j"), new StopRequested("stopped on request")));
    }

    [Fact]
    public void Scaling_down_takes_the_last_that_joined_and_up_takes_who_is_idle()
    {
        _bench.RunJob("j", nodes: 3);
        _bench.Command(request => new ScaleJob(request, new JobId("j"), 1), out List<Effect> effects);
        effects.OfType<TellRun>().ShouldBe(
        [
            new TellRun(Run("j"), new WorkerLeaving(Actor("b"))),
            new TellRun(Run("j"), new WorkerLeaving(Actor("c"))),
        ]);
        _bench.Tell(new RunReleasedWorker(Run("j"), new NodeId("c")))
            .ShouldBe([new SendToNode(Session(3), new ReleaseRun(Run("j")))]);
        _bench.From(3, new RunReleased(Run("j")));
        _bench.Member("c").Run.ShouldBeNull();
        _bench.Register("d", 4);
        _bench.Tell(new SessionClosed(Session(3), "killed"));
        _bench.Command(request => new ScaleJob(request, new JobId("j"), 2));
        _bench.Member("d").Run.ShouldBe(Run("j"));
    }

    [Fact]
    public void A_node_comes_back_to_a_run_it_was_released_from_only_over_a_new_link()
    {
        _bench.RunJob("j", nodes: 2);
        _bench.Command(request => new ScaleJob(request, new JobId("j"), 1));
        _bench.Tell(new RunReleasedWorker(Run("j"), new NodeId("b")));
        _bench.From(2, new RunReleased(Run("j")));
        _bench.Command(request => new ScaleJob(request, new JobId("j"), 2), out List<Effect> effects);
        effects.OfType<CloseSession>().ShouldHaveSingleItem().Session.ShouldBe(Session(2));
        _bench.Register("b", 3).ShouldContain(
            new SendToNode(Session(3), new PrepareRun(Run("j"), "{}", Inputs)));
    }

    [Fact]
    public void A_minimum_that_is_lowered_takes_effect_in_a_new_attempt()
    {
        _bench.RunJob("j", nodes: 3, min: 3);
        _bench.Command(request => new ScaleJob(request, new JobId("j"), 2), out List<Effect> effects);
        effects.OfType<TellRun>().Single(tell => tell.Message is StopRequested).Run.ShouldBe(Run("j"));
        _bench.Job("j").State.ShouldBe(JobState.Running);
        _bench.Tell(new RunEnded(Run("j"), RunStatus.Interrupted, "saved"));
        _bench.From(1, new RunReleased(Run("j")));
        _bench.From(2, new RunReleased(Run("j"))).ShouldContain(new OpenRun(Run("j", 2)));
        _bench.Job("j").MinWorkers.ShouldBe(2);
    }
}
