using DistTrain.Cli.Terminal;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Tests.Terminal;

public class LiveViewTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();
    private readonly Screen _screen = new(100, 30);

    [Fact]
    public void A_run_under_way_shows_where_it_stands()
    {
        using var view = Start();
        for (int step = 0; step < 6; step++)
        {
            view.OnStep(Runs.Step(step, loss: 8 >> step));
            _time.Advance(Second);
            if (step == 3)
            {
                view.OnEvaluating(1, "validation");
                _time.Advance(2 * Second);
                view.OnEpoch(Runs.Epoch(1));
            }
        }

        _screen.Text[..7].ShouldBe(
        [
            "mnist-mlp: 535,818 parameters; 32 samples, 10 more to validate; batch 8 in 2 shards; 1 worker;",
            "2 epochs of 4 steps; libtorch 1.13.1 on cpu",
            "epoch  train loss  accuracy  validation  accuracy       rate  samples/s     time",
            "  1/2      0.0832   97.41 %      0.0901   97.20 %     0.0421     21,430   12.3 s  best",
            // The losses 8, 4, 2, 1, 0, 0 weighted by powers of 0.8;
            // 16 samples at 8 a second, and one evaluation of two seconds.
            "epoch 2/2 ━━━━━━━━━━━━━━━━━━━━────────────────────   50 %  step 2/4  0:04 left",
            "loss 1.6057   accuracy 75.00 %   8.0 samples/s   rate 0.05",
            "critical batch: too few steps yet (0 of 20)",
        ]);
        _screen.Text[^1].ShouldBe("         loss: ⠤⠤ train  o validation");
    }

    [Fact]
    public void The_noise_scale_is_shown_with_what_it_says_of_the_batch()
    {
        using var view = Start();
        view.OnStep(Runs.Step(0) with { Noise = new NoiseEstimate(1, 1, 3.2, 20) });
        _time.Advance(Second);
        _screen.Text.ShouldContain("critical batch ≈ 3.2; your batch of 8 is above it");
    }

    [Fact]
    public void With_one_shard_it_is_shown_why_there_is_no_noise_scale()
    {
        using var view = Start(Runs.Job with { Batch = new BatchSpec(8, 1) });
        view.OnStep(Runs.Step(0));
        _time.Advance(Second);
        _screen.Text.ShouldContain("the noise scale needs at least 2 shards; batch.shards is 1");
    }

    [Fact]
    public void An_evaluation_is_named_while_it_runs()
    {
        using var view = Start();
        view.OnStep(Runs.Step(3));
        view.OnEvaluating(1, "validation");
        _time.Advance(Second);
        _screen.Text.ShouldContain(line => line.EndsWith("100 %  step 4/4  evaluating validation"));
        view.OnStep(Runs.Step(4));
        _time.Advance(Second);
        _screen.Text.ShouldAllBe(line => !line.Contains("evaluating"));
    }

    [Fact]
    public void A_run_that_may_stop_early_has_at_most_the_time_left()
    {
        var stopping = new EarlyStoppingSpec { Metric = StoppingMetric.ValidationLoss, Patience = 3 };
        using var view = Start(Runs.Job with { EarlyStopping = stopping });
        view.OnStep(Runs.Step(0));
        _time.Advance(Second);
        _screen.Text.ShouldContain(line => line.EndsWith("step 1/4  at most 0:07 left"));
    }

    [Fact]
    public void The_end_leaves_epochs_notices_and_the_curve_behind()
    {
        LiveView view = Start();
        for (int step = 0; step < 8; step++)
        {
            view.OnStep(Runs.Step(step, loss: 1 << (8 - step)));
        }

        view.OnEpoch(Runs.Epoch(2));
        view.OnNotice("saved the weights\nin two files");
        view.Dispose();
        view.OnNotice("afterwards");
        _screen.Text.ShouldNotContain(line => line.StartsWith("epoch 2/2") || line.StartsWith("loss "));
        _screen.Text[2..6].ShouldBe(
        [
            "epoch  train loss  accuracy  validation  accuracy       rate  samples/s     time",
            "  2/2      0.0832   97.41 %      0.0901   97.20 %     0.0421     21,430   12.3 s  best",
            "saved the weights",
            "in two files",
        ]);
        _screen.Text[6].ShouldStartWith(" 256.00 │⠉");
        _screen.Text[^2..].ShouldBe(["         loss: ⠤⠤ train  o validation  log scale", "afterwards"]);
    }

    [Fact]
    public void Steps_draw_nothing_until_the_timer_fires()
    {
        using var view = Start();
        int writes = _screen.Writes.Count;
        view.OnStep(Runs.Step(0));
        view.OnNotice("hello");
        _screen.Writes.Count.ShouldBe(writes);
        _time.Advance(Second);
        _screen.Writes.Count.ShouldBe(writes + 1);
    }

    [Fact]
    public void A_terminal_that_is_gone_does_not_disturb_the_run()
    {
        LiveView view = Start();
        _screen.Gone = true;
        view.OnStep(Runs.Step(0));
        _time.Advance(Second);
        view.OnStep(Runs.Step(1));
        view.OnNotice("nobody sees this");
        view.Dispose();
        _screen.Writes.ShouldAllBe(text => !text.Contains("nobody"));
    }

    [Fact]
    public void A_skipped_step_leaves_the_smoothed_loss_alone()
    {
        using var view = Start();
        view.OnStep(Runs.Step(0, loss: 0.5));
        view.OnStep(Runs.Step(1, loss: double.NaN, accuracy: null) with { Skipped = true });
        _time.Advance(Second);
        _screen.Text.ShouldContain(line => line.StartsWith("loss 0.5000   accuracy 75.00 %"));
    }

    [Fact]
    public void No_size_makes_the_region_wrap_or_overflow()
    {
        for (int width = 1; width < 130; width += 3)
        {
            for (int height = 1; height < 20; height++)
            {
                var run = new RunSnapshot
                {
                    Epoch = 3,
                    Epochs = 100,
                    StepInEpoch = 50,
                    StepsPerEpoch = 100,
                    Loss = 0.25,
                    Noise = "critical batch ≈ 270; your batch of 128 is below it",
                    TrainCurve = [new(0, 2), new(1, 1)],
                };
                var screen = new Screen(width, height);
                var region = new LiveRegion(screen, color: true);
                region.Draw([], LiveFrame.Build(run, width, height));
                screen.Writes[0].Count(c => c == '\n').ShouldBeLessThan(height);
                screen.Text.ShouldAllBe(line => line.Length <= Math.Max(width - 1, 0));
            }
        }
    }

    private LiveView Start(JobSpec? job = null)
    {
        var view = new LiveView(_screen, color: true, _time);
        view.OnStarted(Runs.Started(job));
        _time.Advance(TimeSpan.Zero);
        return view;
    }
}
