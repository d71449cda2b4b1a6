using DistTrain.Cli.Terminal;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Tests.Terminal;

public class PlainViewTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public void A_run_is_an_opening_line_and_two_an_epoch_and_one_a_notice()
    {
        Play(new PlainView(_output));
        _output.ToString().ShouldBe("""
            mnist-mlp: 535,818 parameters; 32 samples, 10 more to validate;
             batch 8 in 2 shards; 1 worker; 2 epochs of 4 steps; libtorch 1.13.1 on cpu

            epoch 1/2: train loss 0.0832 accuracy 97.41 %, validation loss 0.0901 accuracy 97.20 % (best),
             rate 0.0421, 21,430 samples/s, 12.3 s

            critical batch: too few steps yet (0 of 20)

            worker 1 was lost

            epoch 2/2: train loss 0.0832 accuracy 97.41 %, validation loss 0.0901 accuracy 97.20 %,
             rate 0.0421, 21,430 samples/s, 12.3 s

            critical batch about 270; your batch of 8 is below it


            """.ReplaceLineEndings("\n").Replace("\n ", " ").Replace("\n\n", "\n"));
    }

    [Fact]
    public void Lines_are_ascii_and_carry_no_escape_code()
    {
        Play(new PlainView(_output));
        _output.ToString().ShouldAllBe(c => c == '\n' || (c >= ' ' && c <= '~'));
    }

    [Fact]
    public void Regression_without_validation_names_the_loss_alone()
    {
        var train = new EvaluationMetrics(0.5, null, 100);
        var epoch = new EpochMetrics(7, 70, train, null, 1e-5, TimeSpan.FromSeconds(75), 1.5, Improved: true);
        RunText.Epoch(epoch, 10)
            .ShouldBe("epoch 7/10: train loss 0.5000 (best), rate 1e-05, 1.5 samples/s, 1:15");
    }

    [Fact]
    public void A_resumed_run_says_where_it_goes_on()
        => RunText.Opening(Runs.Started() with { ResumedAt = 1234, ValidationSamples = 0 }).ShouldBe(
            "mnist-mlp: 535,818 parameters; 32 samples; batch 8 in 2 shards; 1 worker; 2 epochs of 4 steps; "
            + "libtorch 1.13.1 on cpu; going on from step 1,234");

    [Fact]
    public void A_batch_that_changes_is_told_with_its_epochs()
    {
        RunStarted started = Runs.Started(Runs.Job with
        {
            Batch = Runs.Job.Batch with
            {
                Schedule = new() { Kind = BatchScheduleKind.Grow, Milestones = [1] },
            },
        });
        RunText.Opening(started).ShouldContain(
            "; batch 8, 16 from epoch 2 in 2 shards; 1 worker; 2 epochs, 6 steps; ");
        var view = new PlainView(_output);
        view.OnStarted(started);
        view.OnEpoch(Runs.Epoch(2));
        _output.ToString().ShouldContain("(best), batch 16, rate 0.0421");
    }

    [Fact]
    public void A_run_that_ends_before_its_epochs_says_after_how_many_steps()
    {
        RunStarted started = Runs.Started(Runs.Job with { MaxSteps = 3 });
        RunText.Opening(started).ShouldContain("; 2 epochs, 3 steps; ");
        var view = new PlainView(_output);
        view.OnStarted(started);
        view.OnEpoch(Runs.Epoch(1));
        _output.ToString().ShouldContain("epoch 1/1: ");
    }

    [Fact]
    public void A_validation_between_epochs_is_a_line()
    {
        new PlainView(_output).OnValidation(new ValidationPoint(1200, 9600, new(0.25, 0.9, 10)));
        _output.ToString().ShouldBe("step 1,200: validation loss 0.2500 accuracy 90.00 %\n");
    }

    [Fact]
    public void Quiet_leaves_notices_alone()
    {
        Play(new QuietView(_output));
        _output.ToString().ShouldBe("worker 1 was lost\n");
    }

    private static void Play(IRunView view)
    {
        using var observer = new TerminalRunObserver(view);
        observer.OnStarted(Runs.Started());
        observer.OnStep(Runs.Step(0));
        observer.OnEvaluating(1, "validation");
        observer.OnEpoch(Runs.Epoch(1));
        observer.OnNotice("worker 1 was lost");
        observer.OnStep(Runs.Step(7) with { Noise = new NoiseEstimate(null, null, 270.4, 20) });
        observer.OnEpoch(Runs.Epoch(2, improved: false));
    }
}
