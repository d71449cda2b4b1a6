using DistTrain.Core.Coordination.Timing;
using DistTrain.Runs.Tests.Fixtures;
using DistTrain.Runs.Timeline;
using FsCheck;
using FsCheck.Fluent;
using static DistTrain.Runs.Tests.Fixtures.FakeTimes;

namespace DistTrain.Runs.Tests.Timeline;

public sealed class TimeSharesTests
{
    [Fact]
    public void A_slow_worker_is_named_with_what_it_costs_the_others()
    {
        TimeShares shares = TimeShares.Of(Steps(50, _ => "w2"));
        (shares.Steps, shares.Elapsed, shares.Samples).ShouldBe((50, Ms(5000), 3200));
        (shares.Computing, shares.Reducing, shares.Updating).ShouldBe((0.9, 0.06, 0.04));
        shares.SamplesPerSecond.ShouldBe(640);
        WorkerShare slow = shares.Workers[1];
        (slow.Worker, slow.Steps, slow.Shards, slow.Last, slow.HeldUp).ShouldBe(("w2", 50, 2, 50, Ms(3000)));
        (slow.Compute, slow.Exchange, slow.Waiting).ShouldBe((0.82, 0.07, 0.11));
        shares.Slowest.ShouldBe(slow);
        shares.Verdict.ShouldBe(
            "The others wait for w2: it answered last in 50 of 50 steps, and cost them 60 % of the time.");
    }

    [Fact]
    public void Workers_that_are_slow_by_turns_are_not_blamed()
    {
        TimelineStep[] steps = Steps(40, step => step % 2 == 0 ? "w2" : "w3");
        // w1 answers first every time; w2 and w3 are last in turn, so swap the roles of every second step.
        TimelineStep[] turns = [.. steps.Select(step => step.Step % 2 == 0 ? step : Swapped(step))];
        TimeShares shares = TimeShares.Of(turns);
        shares.Slowest.ShouldBeNull();
        shares.Verdict.ShouldBe("Workers wait for one another by turns, 60 % of the time.");
    }

    [Fact]
    public void Small_differences_are_not_worth_a_word()
    {
        TimelineStep even = StepOf(0, "w2") with { Times = Alike(StepOf(0, "w2").Times) };
        TimeShares.Of([even]).Verdict.ShouldBe("No worker keeps the others waiting for long.");
    }

    [Fact]
    public void One_worker_alone_waits_for_nobody()
    {
        TimelineStep step = StepOf(0, "w2");
        TimelineStep alone = step with { Times = step.Times with { Workers = [step.Times.Workers[0]] } };
        TimeShares.Of([alone]).Verdict.ShouldBe("There was one worker, so nobody waited for another.");
        TimeShares.Of([]).Workers.ShouldBeEmpty();
    }

    [Fact]
    public void The_last_to_answer_and_its_lead_are_those_of_a_naive_sort()
        => Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt[]>(), answers =>
        {
            WorkerTimes[] workers = [.. answers.Select((at, i) => new WorkerTimes(
                $"w{i}", default, Ms(at.Get), default, default, default, []))];
            TimeSpan[] sorted = [.. workers.Select(worker => worker.Answered).Order()];
            if (TimeShares.LastOf(workers) is var (last, lead))
            {
                workers.Single(worker => worker.Worker == last).Answered.ShouldBe(sorted[^1]);
                lead.ShouldBe(sorted[^1] - sorted[^2]);
            }
            else
            {
                workers.Length.ShouldBeLessThan(2);
            }
        }).QuickCheckThrowOnFailure();

    private static TimelineStep[] Steps(int count, Func<int, string> slow)
        => [.. Enumerable.Range(0, count).Select(step => StepOf(step, slow(step)))];

    private static StepTimes Alike(StepTimes times)
        => times with { Workers = [times.Workers[0] with { Answered = Ms(88) }, times.Workers[1]] };

    private static TimelineStep Swapped(TimelineStep step) => step with
    {
        Times = step.Times with
        {
            Workers =
            [
                step.Times.Workers[0] with { Worker = "w2" }, step.Times.Workers[1] with { Worker = "w1" },
            ],
        },
    };
}
