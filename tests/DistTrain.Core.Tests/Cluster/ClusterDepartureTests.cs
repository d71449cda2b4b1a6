using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Membership;
using static DistTrain.Core.Tests.Cluster.ClusterBench;

namespace DistTrain.Core.Tests.Cluster;

public sealed class ClusterDepartureTests
{
    private static readonly SendToNode Reply1 = new(Session(1), new LeaveReply());
    private readonly ClusterBench _bench = new();

    [Fact]
    public void An_idle_node_that_is_drained_may_go_at_once_and_is_told_so_until_it_has_gone()
    {
        _bench.Register("a", 1);
        Drain("a").ShouldContain(Reply1);
        _bench.Pass(2).Count(effect => effect.Equals(Reply1)).ShouldBe(4);
        _bench.Submit(Job("j")).ShouldNotContain(effect => effect is OpenRun);
        _bench.Tell(new SessionClosed(Session(1), "closed")).ShouldBe([new ClusterNotice("a has left")]);
        _bench.Machine.Members.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_working_node_owes_nothing_before_it_goes(bool drained)
    {
        _bench.RunJob("j", nodes: 1);
        List<Effect> effects = drained ? Drain("a") : _bench.From(1, new LeaveRequest());
        effects.ShouldContain(new TellRun(Run("j"), new WorkerLeaving(Actor("a"))));
        effects.ShouldNotContain(Reply1);
        _bench.From(1, new LeaveRequest()).ShouldBeEmpty("it asks again");
        _bench.Tell(new RunReleasedWorker(Run("j"), new NodeId("a")))
            .ShouldBe([new SendToNode(Session(1), new ReleaseRun(Run("j")))]);
        _bench.From(1, new RunReleased(Run("j"))).ShouldBe([Reply1]);
        _bench.Job("j").State.ShouldBe(JobState.Running, "it waits for workers");
        _bench.Tell(new SessionClosed(Session(1), "closed"))
            .ShouldNotContain(effect => effect is TellRun, "the run knows already");
    }

    [Fact]
    public void A_node_whose_run_is_not_open_yet_goes_at_once()
    {
        _bench.Register("a", 1);
        _bench.Submit(Job("j"));
        Drain("a").ShouldContain(Reply1);
    }

    [Fact]
    public void A_node_that_is_being_prepared_is_released_first()
    {
        _bench.Register("a", 1);
        _bench.Submit(Job("j"));
        _bench.Open("j");
        Drain("a").ShouldContain(new SendToNode(Session(1), new ReleaseRun(Run("j"))));
        _bench.From(1, new RunReleased(Run("j"))).ShouldBe([Reply1]);
    }

    [Fact]
    public void A_node_that_leaves_when_its_run_ends_goes_after_that()
    {
        _bench.RunJob("j", nodes: 1);
        Drain("a");
        _bench.Tell(new RunEnded(Run("j"), RunStatus.Completed, "done"))
            .ShouldContain(new SendToNode(Session(1), new ReleaseRun(Run("j"))));
        _bench.Tell(new RunReleasedWorker(Run("j"), new NodeId("a"))).ShouldBeEmpty("that is over");
        _bench.From(1, new RunReleased(Run("j"))).ShouldBe([Reply1]);
    }

    [Fact]
    public void A_drained_node_that_loses_its_link_is_drained_still_when_it_comes_back()
    {
        _bench.Register("a", 1);
        Drain("a");
        _bench.Register("a", 2).ShouldContain(new SendToNode(Session(2), new LeaveReply()));
        _bench.Tell(new SessionClosed(Session(2), "closed"));
        _bench.Register("a", 3, incarnation: 2);
        _bench.Member("a").IsLeaving.ShouldBeFalse("another process of that name was not meant");
    }

    [Fact]
    public void A_coordinator_that_goes_down_leaves_its_running_jobs_to_its_successor()
    {
        _bench.RunJob("j", nodes: 1);
        List<Effect> effects = _bench.Tell(new ShutdownRequested());
        effects.ShouldContain(new TellRun(Run("j"), new StopRequested("the coordinator is going down")));
        effects.ShouldNotContain(new ShutdownReady());
        _bench.Command(request => new SubmitJob(request, Job("k"))).Status.ShouldBe(CommandStatus.Conflict);
        _bench.Tell(new ShutdownRequested()).ShouldBeEmpty();
        effects = _bench.Tell(new RunEnded(Run("j"), RunStatus.Interrupted, "the coordinator is going down"));
        effects.OfType<PersistJob>().ShouldHaveSingleItem().Job.State.ShouldBe(JobState.Queued);
        effects[^1].ShouldBe(new ShutdownReady());
        _bench.From(1, new RunReleased(Run("j"))).ShouldBeEmpty("nothing is begun any more, nor ended twice");
    }

    [Fact]
    public void With_nothing_running_a_coordinator_can_go_at_once()
        => _bench.Tell(new ShutdownRequested()).ShouldBe([new ShutdownReady()]);

    [Fact]
    public void What_a_crash_cut_off_is_put_right_on_disk_at_the_start_and_goes_first()
    {
        JobRecord running = Job("r", state: JobState.Running) with { Order = 1, Attempt = 3 };
        JobRecord pausing = Job("p", state: JobState.Pausing) with { Order = 2, Attempt = 1 };
        JobRecord stopping = Job("s", state: JobState.Stopping) with { Order = 3, Attempt = 1 };
        JobRecord queued = Job("q") with { Order = 4 };
        ClusterBench bench = new(queued, stopping, running, pausing);
        bench.Started.OfType<PersistJob>().Take(3).Select(persist => (persist.Job.Id.Name, persist.Job.State))
            .ShouldBe([("r", JobState.Queued), ("p", JobState.Paused), ("s", JobState.Stopped)]);
        List<Effect> effects = bench.Register("a", 1);
        effects.OfType<OpenRun>().ShouldBe([new OpenRun(Run("r", 4))]);
        bench.Submit(Job("n"));
        bench.Job("n").Order.ShouldBe(5);
    }

    private List<Effect> Drain(string node)
    {
        _bench.Command(request => new DrainNode(request, new NodeId(node)), out List<Effect> effects).Status
            .ShouldBe(CommandStatus.Done);
        return effects;
    }
}
