using DistTrain.Core.Jobs;
using DistTrain.Study.Tests.Tuning.Execution;
using DistTrain.Study.Tuning;
using DistTrain.Study.Tuning.Importance;
using DistTrain.Study.Tuning.Reports;
using DistTrain.Study.Tuning.Samplers;
using DistTrain.Study.Tuning.Spaces;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tests.Tuning.Importance;

public sealed class MainEffectsTests
{
    private static readonly Objective Accuracy = new(StoppingMetric.ValidationAccuracy);

    private static readonly SearchSpace Space = new(
    [
        new NumberDimension("learningRate.base", 0.001, 1, IsLogarithmic: true),
        new NumberDimension("optimizer.momentum", 0, 0.9, IsLogarithmic: false),
        new ChoiceDimension("batch.global", ["32", "64"]),
    ]);

    [Fact]
    public void The_field_that_decides_has_the_whole_share_and_idle_ones_next_to_none()
    {
        IReadOnlyList<ParameterImportance> effects =
            MainEffects.Of(Space, Trials(60, p => 0.5 + 0.4 * p[0]), Accuracy);
        effects[0].Path.ShouldBe("learningRate.base");
        effects[0].Share!.Value.ShouldBeGreaterThan(0.9);
        effects[0].Trend!.Value.ShouldBe(1, 1e-9);
        effects.Skip(1).ShouldAllBe(e => e.Share < 0.15);
    }

    [Fact]
    public void A_valley_is_seen_though_it_has_no_trend()
    {
        ParameterImportance effect = MainEffects.Of(Space, Trials(90, p => -Math.Abs(p[1] - 0.5)), Accuracy)
            .First(e => e.Path == "optimizer.momentum");
        effect.Share!.Value.ShouldBeGreaterThan(0.6);
        Math.Abs(effect.Trend!.Value).ShouldBeLessThan(0.3);
    }

    [Fact]
    public void A_choice_has_a_share_and_no_trend()
    {
        ParameterImportance effect =
            MainEffects.Of(Space, Trials(40, p => p[2] < 0.5 ? 0.9 : 0.8), Accuracy)[0];
        effect.Path.ShouldBe("batch.global");
        effect.Share!.Value.ShouldBeGreaterThan(0.9);
        effect.Trend.ShouldBeNull();
    }

    [Fact]
    public void Few_trials_tell_nothing()
        => MainEffects.Of(Space, Trials(11, p => p[0]), Accuracy).ShouldAllBe(e => e.Share == null);

    [Fact]
    public void One_diverged_trial_does_not_drown_the_rest()
    {
        Trial[] trials = Trials(40, p => p[0]);
        trials[7] = trials[7] with { Status = TrialStatus.Failed, Value = null };
        MainEffects.Of(Space, trials, Accuracy)[0].Path.ShouldBe("learningRate.base");
    }

    [Fact]
    public void Equals_share_a_rank() => MainEffects.Ranks([3, 1, 3, 0]).ShouldBe([3.5, 2, 3.5, 1]);

    [Fact]
    public void The_page_has_every_picture_and_encodes_what_came_from_outside()
    {
        using var search = new Searches();
        Trial[] trials = Trials(12, p => p[0]);
        trials[3] = trials[3] with { Status = TrialStatus.Failed, Value = null, Reason = "<script>alert(1)" };
        string page = TunePage.Render(search.Identity() with { Space = Space }, Accuracy, trials);
        page.ShouldContain("Which fields matter");
        page.ShouldContain("class=\"strand top\"");
        page.ShouldContain("Value over optimizer.momentum");
        page.ShouldContain("&lt;script&gt;alert(1)");
        page.ShouldNotContain("<script");
    }

    [Fact]
    public void A_page_without_a_single_value_says_so()
    {
        using var search = new Searches();
        Trial[] trials = [.. Trials(3, _ => 0)
            .Select(t => t with { Status = TrialStatus.Failed, Value = null })];
        TunePage.Render(search.Identity() with { Space = Space }, Accuracy, trials)
            .ShouldContain("No trial has a value");
    }

    private static Trial[] Trials(int count, Func<IReadOnlyList<double>, double> value)
    {
        var sampler = new SobolSampler(3, seed: 1);
        return [.. Enumerable.Range(0, count).Select(i => (Index: i, Point: sampler.Next(i, []))).Select(
            t => new Trial
            {
                Index = t.Index,
                Point = t.Point,
                Values = Space.ValuesAt(t.Point),
                Status = TrialStatus.Completed,
                Curve = [value(t.Point)],
                Value = value(t.Point),
            })];
    }
}
