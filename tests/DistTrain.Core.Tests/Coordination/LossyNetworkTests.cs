using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;
using static DistTrain.Core.Tests.Coordination.ScriptedRun;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>
/// What the coordinator does about messages that were lost, and about workers that come back.
/// </summary>
public sealed class LossyNetworkTests
{
    private readonly ScriptedRun _run = WithTwoWorkers();

    [Fact]
    public void An_order_that_stays_unanswered_is_given_again_for_what_is_owed()
    {
        _run.Deliver(A, 0, 0, 2);
        _run.Deliver(B, 0, 2, 3);
        _run.Tick(9.5).ShouldBeEmpty();
        Orders(_run.Tick(1)).ShouldBe([(B, 0L, new ShardRange(3, 4))]);
    }

    [Fact]
    public void A_worker_that_stays_silent_is_asked_less_and_less_often()
    {
        int orders = 0;
        for (int quarter = 0; quarter < 4 * 200; quarter++)
        {
            orders += Orders(_run.Tick(0.25)).Count(order => order.To == A);
        }
        orders.ShouldBe(4, "after about 10, 20, 40 and 80 seconds more");
    }

    [Fact]
    public void Whoever_is_heard_of_has_all_its_patience_again()
    {
        _run.Tick(9);
        _run.Deliver(B, 0, 2, 3);
        Orders(_run.Tick(9)).Select(order => order.To).ShouldBe([A]);
    }

    [Fact]
    public void Once_a_worker_is_known_its_usual_time_counts()
    {
        _run.Now += TimeSpan.FromSeconds(0.1);
        _run.Deliver(A, 0, 0, 2);
        _run.Deliver(B, 0, 2, 4);
        _run.Commit(0);
        Orders(_run.Tick(1.9)).ShouldBeEmpty();
        Orders(_run.Tick(0.2)).Select(order => order.To).ShouldBe([A, B]);
    }

    [Fact]
    public void Patience_with_an_evaluation_does_not_follow_from_the_time_of_steps()
    {
        var job = TestJobs.Job(batch: 8, shards: 4, epochs: 1);
        var run = new ScriptedRun(job, TestJobs.Plan(job, train: 8, validation: 5000), initialWorkers: 1);
        run.Tell(new WorkerJoined(A, 1));
        run.Now += TimeSpan.FromSeconds(1);
        run.Deliver(A, 0, 0, 4);
        run.Commit(0);
        run.Tick(10.5).ShouldHaveSingleItem().ShouldBeOfType<Send>().Message.ShouldBeOfType<EvaluateChunks>();
    }

    [Fact]
    public void Nothing_is_asked_again_between_two_pieces_of_work()
    {
        _run.Deliver(A, 0, 0, 2);
        _run.Deliver(B, 0, 2, 4);
        _run.Tick(100).ShouldBeEmpty();
    }

    [Fact]
    public void A_worker_that_comes_back_in_the_same_step_has_no_part_in_it_and_brings_no_ghosts()
    {
        _run.Tell(new WorkerLost(B, "its socket closed"));
        _run.Tell(new WorkerJoined(B, 1)).ShouldBeEmpty();
        _run.Deliver(B, 0, 2, 4).ShouldBeEmpty();
        _run.Deliver(A, 0, 0, 2).ShouldBeEmpty("the ghost's shards are not in");
        _run.Deliver(A, 0, 2, 4).ShouldHaveSingleItem().ShouldBeOfType<ReduceGradients>()
            .Sources.ShouldAllBe(source => source.Worker == A);
        Orders(_run.Commit(0)).Select(order => order.To).ShouldBe([A, B]);
    }

    [Fact]
    public void When_only_newcomers_are_left_the_step_starts_afresh_with_them()
    {
        _run.Deliver(A, 0, 0, 2);
        _run.Tell(new WorkerJoined(C, 1)).ShouldBeEmpty();
        _run.Tell(new WorkerLost(A, "killed"));
        Orders(_run.Tell(new WorkerLost(B, "killed"))).ShouldBe([(C, 0L, new ShardRange(0, 4))]);
    }

    [Fact]
    public void A_stop_is_obeyed_though_everyone_is_lost_in_mid_step()
    {
        _run.Tell(new StopRequested("Ctrl-C")).ShouldBeEmpty();
        _run.Tell(new WorkerLost(A, "killed"));
        _run.Tell(new WorkerLost(B, "killed")).Last().ShouldBeOfType<SaveCheckpoint>()
            .Progress.Step.ShouldBe(0);
    }

    [Fact]
    public void An_error_reported_by_a_worker_that_is_gone_fails_nothing()
    {
        _run.Tell(new WorkerLost(B, "killed"));
        _run.Tell(new WorkFailed(B, "out of memory")).ShouldBeEmpty();
    }

    [Fact]
    public void Without_workers_at_the_last_checkpoint_the_test_set_waits_for_one()
    {
        var job = TestJobs.Job(batch: 8, shards: 4, epochs: 1);
        var run = new ScriptedRun(job, TestJobs.Plan(job, train: 8, test: 500), initialWorkers: 1);
        run.Tell(new WorkerJoined(A, 1));
        run.Deliver(A, 0, 0, 4);
        run.Commit(0).Last().ShouldBeOfType<SaveCheckpoint>();
        run.Tell(new WorkerLost(A, "killed"));
        run.Tell(new CheckpointFinished(null)).ShouldBe(
            [new Notice("waiting for workers: 0 here, 1 needed")]);
        run.Tell(new WorkerJoined(B, 1)).OfType<Send>().ShouldHaveSingleItem()
            .ShouldBe(new Send(B, new EvaluateChunks(1, DataSplit.Test, new ShardRange(0, 1))));
    }
}
