using DistTrain.Core;
using DistTrain.Study.Tuning.Execution;
using DistTrain.Study.Tuning.Samplers;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tests.Tuning.Execution;

public sealed class TuneExecutorTests
{
    [Fact]
    public async Task A_search_runs_as_many_trials_as_wanted_and_tells_the_best()
    {
        using var search = new Searches();
        IReadOnlyList<Trial> trials = await search.RunAsync(new FakeLauncher(Searches.Accuracy), 12);
        trials.Select(t => t.Index).ShouldBe(Enumerable.Range(0, 12));
        trials.ShouldAllBe(t => t.Status == TrialStatus.Completed && t.Curve.Count == 9);
        search.Progress[^1].Best!.Value.ShouldBe(trials.Max(t => t.Value));
        search.Progress[^1].Counted.ShouldBe(12);
    }

    [Fact]
    public async Task A_search_goes_on_where_it_was_interrupted_to_the_same_trials()
    {
        using var whole = new Searches();
        IReadOnlyList<Trial> expected = await whole.RunAsync(new FakeLauncher(Searches.Accuracy), 8);

        using var search = new Searches();
        using var interrupt = new CancellationTokenSource();
        var first = new FakeLauncher(Searches.Accuracy) { Interrupt = (4, interrupt) };
        (await search.RunAsync(first, 8, interrupt.Token)).Count.ShouldBe(3);
        var second = new FakeLauncher(Searches.Accuracy);
        IReadOnlyList<Trial> trials = await search.RunAsync(second, 8);
        second.Requests.Count.ShouldBe(5);
        second.Requests[0].Name.ShouldBe(first.Requests[^1].Name); // a launcher takes it up by its name
        trials.Select(t => string.Join(' ', t.Values))
            .ShouldBe(expected.Select(t => string.Join(' ', t.Values)));
        trials.Select(t => t.Value).ShouldBe(expected.Select(t => t.Value));
    }

    [Fact]
    public async Task Trials_run_side_by_side_where_workers_allow()
    {
        using var search = new Searches();
        var launcher = new FakeLauncher(Searches.Accuracy) { Workers = 3 };
        (await search.RunAsync(launcher, 20)).Count.ShouldBe(20);
        launcher.MostBusy.ShouldBeLessThanOrEqualTo(3);
        launcher.Requests.ShouldAllBe(r => r.Job.Workers.Max == 1);
    }

    [Fact]
    public async Task Halving_gives_the_worse_trials_up_at_rungs_and_the_best_goes_to_its_end()
    {
        using var search = new Searches { Halving = true };
        var launcher = new FakeLauncher(Searches.Accuracy);
        IReadOnlyList<Trial> trials = await search.RunAsync(launcher, 18);
        Trial[] givenUp = [.. trials.Where(t => t.Status == TrialStatus.GivenUp)];
        givenUp.Length.ShouldBeGreaterThan(9);
        givenUp.ShouldAllBe(t => t.Curve.Count == 1 || t.Curve.Count == 3);
        launcher.Abandoned.Count.ShouldBe(givenUp.Length);
        Trial best = trials.MaxBy(t => Searches.Accuracy(
            launcher.Requests[t.Index].Job, 1))!;
        best.Status.ShouldBe(TrialStatus.Completed);
    }

    [Fact]
    public async Task A_trial_that_diverges_is_recorded_and_the_search_goes_on()
    {
        using var search = new Searches();
        IReadOnlyList<Trial> trials = await search.RunAsync(new FakeLauncher(
            (job, epoch) => job.LearningRate.Base > 0.05 ? double.NaN : Searches.Accuracy(job, epoch)), 10);
        trials.Count.ShouldBe(10);
        trials.Where(t => t.Status == TrialStatus.Failed).ShouldAllBe(
            t => t.Value == null && t.Reason!.Contains("not finite"));
        trials.ShouldContain(t => t.Status == TrialStatus.Failed);
        trials.ShouldContain(t => t.Status == TrialStatus.Completed);
    }

    [Fact]
    public async Task Points_that_make_no_job_are_recorded_and_do_not_count()
    {
        using var search = new Searches
        {
            Space = """
                { "optimizer.name": { "choice": ["sgd", "adam"] },
                  "optimizer.momentum": { "float": [0.1, 0.9] } }
                """,
        };
        IReadOnlyList<Trial> trials = await search.RunAsync(new FakeLauncher(Searches.Accuracy), 6);
        trials.Count(t => t.Status != TrialStatus.Refused).ShouldBe(6);
        trials.Where(t => t.Status == TrialStatus.Refused).ShouldNotBeEmpty();
        trials.Where(t => t.Status == TrialStatus.Refused)
            .ShouldAllBe(t => t.Reason!.StartsWith("optimizer.momentum="));
    }

    [Fact]
    public async Task A_space_that_makes_no_job_at_all_is_refused_in_one_line()
    {
        using var search = new Searches { Space = """{ "learningRate.base": { "float": [-3, -1] } }""" };
        UserFaultException fault = await Should.ThrowAsync<UserFaultException>(
            () => search.RunAsync(new FakeLauncher(Searches.Accuracy), 5));
        fault.Problems.ShouldHaveSingleItem().ShouldStartWith("all 200 points that were tried were refused");
    }

    [Fact]
    public async Task A_launcher_that_can_run_nothing_ends_the_search_too()
    {
        using var search = new Searches { Space = """{ "learningRate.base": { "log": [600, 700] } }""" };
        UserFaultException fault = await Should.ThrowAsync<UserFaultException>(
            () => search.RunAsync(new FakeLauncher(Searches.Accuracy), 5));
        fault.Problems.ShouldHaveSingleItem().ShouldContain("there is no such data set");
    }

    [Fact]
    public async Task The_same_values_are_not_tried_twice()
    {
        using var search = new Searches { Space = """{ "batch.global": { "choice": [16, 32, 64] } }""" };
        IReadOnlyList<Trial> trials = await search.RunAsync(new FakeLauncher(Searches.Accuracy), 10);
        trials.Select(t => t.Values[0]).Order().ShouldBe(["16", "32", "64"]);
    }

    [Fact]
    public async Task A_grid_ends_with_its_last_point()
    {
        using var search = new Searches { Sampler = space => new GridSampler(space, 4) };
        (await search.RunAsync(new FakeLauncher(Searches.Accuracy), 100)).Select(t => t.Values[0])
            .ShouldBe(["0.001", "0.01", "0.1", "1"]);
    }
}
