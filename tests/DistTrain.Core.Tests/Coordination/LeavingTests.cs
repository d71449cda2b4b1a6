using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;
using static DistTrain.Core.Tests.Coordination.ScriptedRun;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>
/// A worker that is drained: it delivers what it owes, gets nothing new, and is let go once.
/// </summary>
public sealed class LeavingTests
{
    private readonly ScriptedRun _run = WithTwoWorkers();

    [Fact]
    public void A_leaving_worker_delivers_its_part_and_is_released_with_its_last_subtree()
    {
        _run.Tell(new WorkerLeaving(B)).ShouldBeEmpty("it owes two shards");
        _run.Deliver(B, 0, 2, 3).ShouldBeEmpty();
        _run.Deliver(B, 0, 3, 4).ShouldBe([new WorkerReleased(B)]);
        ReduceGradients reduce = _run.Deliver(A, 0, 0, 2).ShouldHaveSingleItem()
            .ShouldBeOfType<ReduceGradients>();
        reduce.Sources.Select(source => source.Worker).ShouldBe([A, B, B], "nothing is computed twice");
        Orders(_run.Commit(0)).ShouldBe([(A, 1L, new ShardRange(0, 4))]);
    }

    [Fact]
    public void One_that_owes_nothing_any_more_is_released_at_once()
    {
        _run.Deliver(B, 0, 2, 4);
        _run.Tell(new WorkerLeaving(B)).ShouldBe([new WorkerReleased(B)]);
    }

    [Fact]
    public void One_that_came_in_the_middle_of_the_step_is_released_at_once()
    {
        _run.Tell(new WorkerJoined(C, 1));
        _run.Tell(new WorkerLeaving(C)).ShouldBe([new WorkerReleased(C)]);
    }

    [Fact]
    public void Between_two_pieces_of_work_it_is_released_at_once()
    {
        _run.Deliver(A, 0, 0, 2);
        _run.Deliver(B, 0, 2, 4);
        _run.Tell(new WorkerLeaving(B)).ShouldBe([new WorkerReleased(B)]);
        Orders(_run.Commit(0)).ShouldBe([(A, 1L, new ShardRange(0, 4))]);
    }

    [Fact]
    public void Whoever_is_not_here_owes_nothing()
        => _run.Tell(new WorkerLeaving(C)).ShouldBe([new WorkerReleased(C)]);

    [Fact]
    public void A_leaving_worker_that_is_lost_is_lost_and_others_do_its_part()
    {
        _run.Tell(new WorkerLeaving(B));
        IReadOnlyList<Effect> effects = _run.Tell(new WorkerLost(B, "killed"));
        effects.OfType<WorkerReleased>().ShouldBeEmpty();
        Orders(effects).ShouldBe([(A, 0L, new ShardRange(2, 4))]);
    }

    [Fact]
    public void It_gets_nothing_of_a_lost_workers_part()
    {
        _run.Tell(new WorkerLeaving(A));
        IReadOnlyList<Effect> effects = _run.Tell(new WorkerLost(B, "killed"));
        Orders(effects).ShouldBeEmpty();
        effects.OfType<WorkerReleased>().ShouldBe([new WorkerReleased(A)], "the step cannot be finished");
        effects.OfType<Notice>().Last().Text.ShouldBe("waiting for workers: 0 here, 1 needed");
    }

    [Fact]
    public void When_the_last_one_has_left_the_run_waits_after_the_step()
    {
        _run.Tell(new WorkerLeaving(A));
        _run.Tell(new WorkerLeaving(B));
        _run.Deliver(A, 0, 0, 2).ShouldBe([new WorkerReleased(A)]);
        _run.Deliver(B, 0, 2, 4).OfType<WorkerReleased>().ShouldBe([new WorkerReleased(B)]);
        _run.Commit(0).OfType<Notice>().ShouldHaveSingleItem().Text
            .ShouldBe("waiting for workers: 0 here, 1 needed");
        Orders(_run.Tell(new WorkerJoined(C, 1))).ShouldBe([(C, 1L, new ShardRange(0, 4))]);
    }

    [Fact]
    public void An_evaluation_is_delivered_before_it_goes()
    {
        JobSpec job = TestJobs.Job(batch: 8, shards: 4, epochs: 1);
        var run = new ScriptedRun(job, TestJobs.Plan(job, train: 8, validation: 1000), initialWorkers: 2);
        run.Tell(new WorkerJoined(A, 1));
        run.Tell(new WorkerJoined(B, 1));
        run.Deliver(A, 0, 0, 2);
        run.Deliver(B, 0, 2, 4);
        run.Commit(0).OfType<Send>().Count(send => send.Message is EvaluateChunks).ShouldBe(2);
        run.Tell(new WorkerLeaving(B)).ShouldBeEmpty();
        run.Tell(new ChunksEvaluated(
            B, 1, DataSplit.Validation, new ShardRange(1, 2), [new ShardResult(1, 1, 500)]))
            .ShouldBe([new WorkerReleased(B)]);
    }

    [Fact]
    public void At_the_end_of_the_run_it_is_told_so_like_everyone_and_not_released_besides()
    {
        _run.Tell(new WorkerLeaving(B));
        IReadOnlyList<Effect> effects = _run.Tell(new WorkFailed(A, "out of memory"));
        effects.OfType<WorkerReleased>().ShouldBeEmpty();
        effects.OfType<Send>().Where(send => send.Message is TrainingEnded).Select(send => send.To)
            .ShouldBe([A, B]);
        effects.OfType<Finish>().ShouldHaveSingleItem();
    }
}
