using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Study.Execution;
using DistTrain.Study.Launching;
using DistTrain.Study.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Study.Tests.Execution;

public sealed class RunExecutorTests
{
    [Fact]
    public async Task Every_run_is_made_once_in_the_order_given()
    {
        await using var launcher = new FakeLauncher(1);
        var source = new ListSource([1, 1, 1]);
        (await RunAsync(launcher, source)).ShouldBeTrue();
        launcher.Begun.ShouldBe(["run-0", "run-1", "run-2"]);
        source.Ended.Select(end => end.Run.Key).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public void Workers_are_never_promised_twice()
        => Prop.ForAll(
            Gen.Choose(1, 4).ToArbitrary(), Gen.Choose(1, 6).NonEmptyListOf().ToArbitrary(),
            (capacity, needs) =>
            {
                var launcher = new FakeLauncher(capacity);
                RunAsync(launcher, new ListSource([.. needs])).GetAwaiter().GetResult();
                launcher.MostBusy.ShouldBeLessThanOrEqualTo(capacity);
                launcher.Begun.Count.ShouldBe(needs.Count);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Runs_go_side_by_side_where_there_are_workers_for_both()
    {
        using var both = new CountdownEvent(2);
        await using var launcher = new FakeLauncher(2)
        {
            Meet = async (_, _) =>
            {
                both.Signal();
                (await Task.Run(() => both.Wait(TimeSpan.FromSeconds(30)))).ShouldBeTrue();
            },
        };
        (await RunAsync(launcher, new ListSource([1, 1]))).ShouldBeTrue();
        launcher.MostBusy.ShouldBe(2);
    }

    [Fact]
    public async Task A_run_that_diverges_is_a_result_and_the_others_go_on()
    {
        await using var launcher = new FakeLauncher(1)
        {
            Failure = run => run.Name == "run-0" ? "training diverged: 5 steps in a row" : null,
        };
        var source = new ListSource([1, 1]);
        (await RunAsync(launcher, source)).ShouldBeTrue();
        source.Ended.Select(end => end.Diverged).ShouldBe([true, false]);
    }

    [Fact]
    public async Task What_cannot_be_run_ends_everything_and_the_others_save_first()
    {
        var saved = new TaskCompletionSource();
        await using var launcher = new FakeLauncher(2)
        {
            Meet = async (run, cancellation) =>
            {
                if (run.Name == "run-1")
                {
                    throw new UserFaultException("the model does not fit");
                }

                await using var _ = cancellation.Register(saved.SetResult);
                await saved.Task.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            },
        };
        var source = new ListSource([1, 1, 1]);
        (await Should.ThrowAsync<UserFaultException>(() => RunAsync(launcher, source)))
            .Message.ShouldBe("the model does not fit");
        saved.Task.IsCompleted.ShouldBeTrue();
        launcher.Begun.Count.ShouldBe(2);
        source.Ended.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_interrupt_begins_no_run_and_reports_none_that_is_unfinished()
    {
        using var interrupt = new CancellationTokenSource();
        await using var launcher = new FakeLauncher(1)
        {
            Meet = (run, _) => run.Name == "run-1" ? interrupt.CancelAsync() : Task.CompletedTask,
        };
        var source = new ListSource([1, 1, 1]);
        (await RunAsync(launcher, source, interrupt.Token)).ShouldBeFalse();
        launcher.Begun.ShouldBe(["run-0", "run-1"]);
        source.Ended.Select(end => end.Run.Key).ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_run_that_its_source_gives_up_ends_there_and_is_abandoned()
    {
        await using var launcher = new FakeLauncher(1);
        var source = new ListSource([1, 1]) { Goes = (run, epoch) => run.Key != "0" || epoch < 2 };
        (await RunAsync(launcher, source)).ShouldBeTrue();
        source.Ended.Select(end => (end.GivenUp, end.Summary.Epochs)).ShouldBe([(true, 2), (false, 4)]);
        launcher.Abandoned.ShouldBe(["run-0"]);
    }

    [Fact]
    public async Task A_run_that_ends_at_its_target_is_not_given_up_there()
    {
        await using var launcher = new FakeLauncher(1);
        var target = new TargetSpec(StoppingMetric.ValidationAccuracy, 0.52, Stop: true);
        var source = new ListSource([1, 1])
        {
            Goes = (_, epoch) => epoch < 2,
            Change = (job, index) => index == 0 ? job with { Target = target } : job,
        };
        (await RunAsync(launcher, source)).ShouldBeTrue();
        // The launcher does not stop there by itself: at its third epoch the run has been at its target.
        source.Ended.Select(end => end.GivenUp).ShouldBe([false, true]);
    }

    [Fact]
    public async Task A_source_may_decide_on_its_next_run_when_one_has_ended()
    {
        await using var launcher = new FakeLauncher(4);
        var source = new ListSource([1, 1, 1]) { OneAtATime = true };
        (await RunAsync(launcher, source)).ShouldBeTrue();
        source.Ended.Count.ShouldBe(3);
        launcher.MostBusy.ShouldBe(1);
    }

    private static Task<bool> RunAsync(
        FakeLauncher launcher, IRunSource source, CancellationToken cancellation = default)
        => new RunExecutor(launcher, StoppingMetric.ValidationAccuracy, new Blind())
            .RunAsync(source, cancellation);

    private sealed class Blind : IRunsWatcher;

    private sealed class ListSource(IReadOnlyList<int> workers) : IRunSource
    {
        private int _next;

        public List<RunEnd> Ended { get; } = [];

        public bool OneAtATime { get; init; }

        public Func<PlannedRun, int, bool> Goes { get; init; } = (_, _) => true;

        public Func<JobSpec, int, JobSpec> Change { get; init; } = (job, _) => job;

        public PlannedRun? Next()
        {
            if (_next == workers.Count || (OneAtATime && Ended.Count < _next))
            {
                return null;
            }

            int index = _next++;
            return new PlannedRun(
                $"{index}", new RunRequest($"run-{index}", Change(SmallStudy.AnyJob(workers[index]), index)));
        }

        public void OnFinished(RunEnd end) => Ended.Add(end);

        public bool GoesOn(PlannedRun run, EpochMetrics epoch) => Goes(run, epoch.Epoch);
    }
}
