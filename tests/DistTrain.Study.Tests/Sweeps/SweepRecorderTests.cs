using DistTrain.Core.Coordination;
using DistTrain.Study.Sweeps;

namespace DistTrain.Study.Tests.Sweeps;

public sealed class SweepRecorderTests
{
    [Fact]
    public void A_sweep_ends_once_where_the_smoothed_loss_is_four_times_its_best()
    {
        int ended = 0, shown = 0;
        var recorder = new SweepRecorder(100, _ => shown++, () => ended++);
        foreach (double loss in new[] { 2.3, 2.0, 1.0, 1.2, 3.0 })
            recorder.OnStep(Step(loss));
        ended.ShouldBe(0);
        recorder.OnStep(Step(90));
        ended.ShouldBe(1);
        recorder.OnStep(Step(1000)); // was under way
        ended.ShouldBe(1);
        (shown, recorder.Points.Count).ShouldBe((6, 6));
        recorder.HasBlownUp.ShouldBeTrue();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e9)]
    public void A_sweep_that_explodes_at_its_second_step_ends_there(double loss)
    {
        int ended = 0;
        var recorder = new SweepRecorder(100, _ => { }, () => ended++);
        recorder.OnStep(Step(2.3));
        recorder.OnStep(Step(loss));
        ended.ShouldBe(1);
    }

    [Fact]
    public void A_skipped_step_ends_a_sweep_whatever_its_loss()
    {
        int ended = 0;
        new SweepRecorder(100, _ => { }, () => ended++).OnStep(Step(2.3) with { Skipped = true });
        ended.ShouldBe(1);
    }

    [Fact]
    public void A_loss_near_zero_may_rise_fourfold()
    {
        var blowUp = new BlowUp(beta: 0);
        foreach (double loss in new[] { 2.0, 1e-4, 1e-3, 0.3 })
            blowUp.EndsWith(loss).ShouldBeFalse();
        blowUp.EndsWith(0.5).ShouldBeTrue();
    }

    private static StepMetrics Step(double loss)
        => new(1, 1, loss, null, 0.1, 64, 1, Skipped: false, TimeSpan.Zero);
}
