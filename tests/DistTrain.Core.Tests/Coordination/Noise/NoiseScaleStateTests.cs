using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Noise;

namespace DistTrain.Core.Tests.Coordination.Noise;

public sealed class NoiseScaleStateTests
{
    [Fact]
    public void One_estimate_is_its_own_average()
    {
        NoiseScaleState state = new NoiseScaleState().After(new GradientNoise(6, 2), stride: 1);
        state.Smoothed()!.Value.Trace.ShouldBe(6, 1e-13);
        state.Smoothed()!.Value.Square.ShouldBe(2, 1e-13);
        state.SmoothedScale()!.Value.ShouldBe(3, 1e-13);
        state.RunScale().ShouldBe(3);
    }

    [Fact]
    public void The_ratio_is_of_means_and_not_the_mean_of_ratios()
    {
        // The ratios are 1 and 30, their mean 15.5; the ratio of the means is 16.5 to 2.
        NoiseScaleState state = new NoiseScaleState()
            .After(new GradientNoise(3, 3), 1).After(new GradientNoise(30, 1), 1);
        state.RunScale().ShouldBe(33.0 / 4);
    }

    [Fact]
    public void The_averages_forget_and_the_sums_do_not()
    {
        NoiseScaleState state = new();
        for (int i = 0; i < 100; i++)
        {
            state = state.After(new GradientNoise(1, 1), 1);
        }
        for (int i = 0; i < 1000; i++)
        {
            state = state.After(new GradientNoise(5, 1), 1);
        }
        state.Steps.ShouldBe(1100);
        state.SmoothedScale()!.Value.ShouldBe(5, 1e-3);
        state.RunScale()!.Value.ShouldBe(5100.0 / 1100, 1e-12);
    }

    [Fact]
    public void Weights_of_the_averages_fall_by_the_decay_and_add_up_to_one()
    {
        NoiseScaleState state = new NoiseScaleState()
            .After(new GradientNoise(1, 0), 1).After(new GradientNoise(0, 0), 1)
            .After(new GradientNoise(0, 1), 1);
        const double d = NoiseScaleState.Decay;
        state.Smoothed()!.Value.Trace.ShouldBe(d * d / (1 + d + d * d), 1e-13);
        state.Smoothed()!.Value.Square.ShouldBe(1 / (1 + d + d * d), 1e-13);
    }

    [Fact]
    public void An_estimate_weighs_in_the_averages_as_if_each_step_it_stands_for_had_given_it()
    {
        NoiseScaleState once = new NoiseScaleState()
            .After(new GradientNoise(1, 2), 1).After(new GradientNoise(5, 3), 8);
        NoiseScaleState often = new NoiseScaleState().After(new GradientNoise(1, 2), 1);
        for (int i = 0; i < 8; i++)
        {
            often = often.After(new GradientNoise(5, 3), 1);
        }
        once.Smoothed()!.Value.Trace.ShouldBe(often.Smoothed()!.Value.Trace, 1e-13);
        once.SmoothedScale()!.Value.ShouldBe(often.SmoothedScale()!.Value, 1e-13);
        once.RunScale().ShouldBe(often.RunScale());
    }

    [Fact]
    public void An_estimate_counts_in_the_run_for_all_the_steps_it_stands_for()
    {
        NoiseScaleState state = new NoiseScaleState()
            .After(new GradientNoise(1, 1), 1).After(new GradientNoise(10, 1), 8);
        state.RunScale().ShouldBe(81.0 / 9);
        state.Steps.ShouldBe(2);
    }

    [Fact]
    public void A_square_that_is_not_positive_gives_no_scale()
    {
        new NoiseScaleState().RunScale().ShouldBeNull();
        new NoiseScaleState().Smoothed().ShouldBeNull();
        NoiseScaleState state = new NoiseScaleState().After(new GradientNoise(6, -2), 1);
        state.RunScale().ShouldBeNull();
        state.SmoothedScale().ShouldBeNull();
        state.Smoothed()!.Value.Square.ShouldBe(-2, 1e-13);
    }

    [Fact]
    public void A_trace_below_zero_gives_the_scale_nought()
        => new NoiseScaleState().After(new GradientNoise(-1, 2), 1).RunScale().ShouldBe(0);
}
