using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using static DistTrain.Core.Tests.Cluster.NodeBench;

namespace DistTrain.Core.Tests.Cluster;

public sealed class NodeRunTests
{
    private readonly NodeBench _bench = new();

    [Fact]
    public void A_run_is_prepared_once_and_confirmed_as_often_as_it_is_asked_for()
    {
        _bench.Join();
        _bench.Tell(Order("j")).ShouldBe([new StartWorker(Order("j"))]);
        _bench.Tell(Order("j")).ShouldBeEmpty();
        _bench.Machine.ActiveRun.ShouldBeNull("its worker does not live yet");
        _bench.Tell(new RunPreparationEnded(Run("j"), null)).ShouldBe([Say(new RunPrepared(Run("j")))]);
        _bench.Tell(Order("j")).ShouldBe([Say(new RunPrepared(Run("j")))]);
        _bench.Machine.ActiveRun.ShouldBe(Run("j"));
    }

    [Fact]
    public void A_run_that_cannot_be_prepared_is_refused_with_the_reason_as_often_as_it_is_asked_for()
    {
        _bench.Join();
        _bench.Tell(Order("j"));
        SendToCoordinator refusal = Say(new RunRefused(Run("j"), "its copy differs"));
        _bench.Tell(new RunPreparationEnded(Run("j"), "its copy differs")).ShouldBe([refusal]);
        _bench.Tell(Order("j")).ShouldBe([refusal]);
        _bench.Tell(Order("j", 2)).ShouldBe([new StartWorker(Order("j", 2))], "that is another try");
    }

    [Fact]
    public void A_released_run_is_over_and_confirmed_as_often_as_it_is_asked_for()
    {
        _bench.Work("j");
        _bench.Tell(new ReleaseRun(Run("j"))).ShouldBe([new StopWorker(Run("j"))]);
        _bench.Machine.ActiveRun.ShouldBeNull();
        _bench.Tell(new ReleaseRun(Run("j"))).ShouldBeEmpty("its thread is not gone yet");
        _bench.Tell(new WorkerStopped(Run("j"))).ShouldBe([Say(new RunReleased(Run("j")))]);
        _bench.Tell(new ReleaseRun(Run("j"))).ShouldBe([Say(new RunReleased(Run("j")))]);
        _bench.Tell(Order("j")).ShouldBeEmpty("that order is older than the release");
    }

    [Fact]
    public void A_release_that_overtakes_its_order_wins()
    {
        _bench.Join();
        _bench.Tell(new ReleaseRun(Run("j"))).ShouldBe([Say(new RunReleased(Run("j")))]);
        _bench.Tell(Order("j")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("k", 1)]
    [InlineData("j", 2)]
    public void Another_order_waits_until_the_thread_of_the_last_worker_is_gone(string job, long attempt)
    {
        _bench.Work("j");
        _bench.Tell(Order(job, attempt)).ShouldBe([new StopWorker(Run("j"))]);
        _bench.Tell(Order(job, attempt)).ShouldBeEmpty();
        _bench.Tell(new RunPreparationEnded(Run(job, attempt), null)).ShouldBeEmpty();
        _bench.Tell(new WorkerStopped(Run("j"))).ShouldBe([new StartWorker(Order(job, attempt))]);
    }

    [Fact]
    public void An_order_of_an_earlier_attempt_is_ignored()
    {
        _bench.Join();
        _bench.Tell(Order("j", 2));
        _bench.Tell(Order("j", 1)).ShouldBeEmpty();
        _bench.Tell(new RunPreparationEnded(Run("j", 2), null));
        _bench.Tell(Order("j", 1)).ShouldBeEmpty();
        _bench.Tell(new ReleaseRun(Run("j", 2)));
        _bench.Tell(new WorkerStopped(Run("j", 2)));
        _bench.Tell(Order("j", 1)).ShouldBeEmpty();
    }

    [Fact]
    public void A_lost_link_stops_the_worker_and_a_new_order_waits_for_that()
    {
        _bench.Work("j");
        _bench.Tell(new LinkLost("reset")).ShouldBe([new CloseLink("reset"), new StopWorker(Run("j"))]);
        _bench.Machine.ActiveRun.ShouldBeNull();
        _bench.Pass(0.125).ShouldBe([new OpenLink()]);
        _bench.Join();
        _bench.Tell(Order("j")).ShouldBeEmpty();
        _bench.Tell(new WorkerStopped(Run("j"))).ShouldBe([new StartWorker(Order("j"))]);
    }

    [Fact]
    public void What_was_released_over_an_old_link_can_be_ordered_over_a_new_one()
    {
        _bench.Work("j");
        _bench.Tell(new ReleaseRun(Run("j")));
        _bench.Tell(new LinkLost("reset"));
        _bench.Pass(0.125);
        _bench.Join();
        _bench.Tell(new WorkerStopped(Run("j"))).ShouldBeEmpty("nobody on this link asked for it");
        _bench.Tell(Order("j")).ShouldBe([new StartWorker(Order("j"))]);
    }

    [Fact]
    public void A_preparation_under_way_is_stopped_when_it_is_not_wanted_any_more()
    {
        _bench.Join();
        _bench.Tell(Order("j"));
        _bench.Tell(new ReleaseRun(Run("j"))).ShouldBe([new StopWorker(Run("j"))]);
        _bench.Tell(new RunPreparationEnded(Run("j"), null)).ShouldBeEmpty("it crossed the order to stop");
        _bench.Machine.ActiveRun.ShouldBeNull();
        _bench.Tell(new WorkerStopped(Run("j"))).ShouldBe([Say(new RunReleased(Run("j")))]);
    }

    [Fact]
    public void A_worker_that_ends_by_itself_costs_the_link_so_that_the_run_hears_of_it()
    {
        _bench.Work("j");
        string text = "its worker for j#1 ended by a fault";
        _bench.Tell(new WorkerStopped(Run("j"))).ShouldBe(
            [Say(new NodeNotice(text)), new CloseLink(text), new StopWorker(Run("j"))]);
        _bench.Tell(new WorkerStopped(Run("j"))).ShouldBeEmpty();
        _bench.Pass(0.125).ShouldBe([new OpenLink()]);
    }

    [Fact]
    public void A_worker_that_ends_by_itself_again_and_again_is_not_tried_a_fourth_time_in_that_run()
    {
        for (int death = 0; death < 3; death++)
        {
            _bench.Work("j");
            _bench.Tell(new WorkerStopped(Run("j")));
            _bench.Tell(new WorkerStopped(Run("j")));
            while (!_bench.Pass(0.125).Contains(new OpenLink()))
            {
            }
        }
        _bench.Join();
        _bench.Tell(Order("j")).ShouldBe(
            [Say(new RunRefused(Run("j"), "its worker ended by itself 3 times in this run"))]);
        _bench.Tell(Order("j", 2)).ShouldBe([new StartWorker(Order("j", 2))]);
    }

    [Fact]
    public void A_node_whose_device_failed_says_so_and_ends()
    {
        _bench.Work("j");
        const string Text = "cuda:0 has failed";
        _bench.Tell(new DeviceFailed(Text)).ShouldBe(
            [Say(new NodeNotice(Text)), new CloseLink(Text), new StopWorker(Run("j")), new EndNode(1, Text)]);
        _bench.Tell(new WorkerStopped(Run("j"))).ShouldBeEmpty();
        _bench.Pass(10).ShouldBeEmpty("it does not come back with the same device");
    }

    [Fact]
    public void A_device_that_fails_while_there_is_no_link_ends_the_node_as_well()
    {
        _bench.Work("j");
        _bench.Tell(new LinkLost("reset"));
        _bench.Tell(new DeviceFailed("gone")).ShouldContain(new EndNode(1, "gone"));
    }

    [Fact]
    public void What_is_not_its_business_changes_nothing()
    {
        _bench.Work("j");
        _bench.Tell(new WorkerStopped(Run("k"))).ShouldBeEmpty();
        _bench.Tell(new RunPreparationEnded(Run("k"), "no")).ShouldBeEmpty();
        _bench.Tell(new ReleaseRun(Run("k"))).ShouldBe([Say(new RunReleased(Run("k")))]);
        _bench.Tell(new LinkOpened()).ShouldBeEmpty();
        _bench.Tell(new LinkFailed("no", Permanent: true)).ShouldBeEmpty();
        _bench.Machine.ActiveRun.ShouldBe(Run("j"));
    }
}
