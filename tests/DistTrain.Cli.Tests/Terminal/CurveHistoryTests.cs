using DistTrain.Cli.Terminal;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Cli.Tests.Terminal;

public class CurveHistoryTests
{
    [Fact]
    public void Few_steps_are_kept_one_by_one()
    {
        var history = new CurveHistory(4);
        history.Add(3);
        history.Add(1);
        history.ToPoints().ShouldBe([new CurvePoint(0.5, 3), new CurvePoint(1.5, 1)]);
    }

    [Fact]
    public void Buckets_hold_the_means_of_equally_many_steps() =>
        Prop.ForAll(Gen.Choose(0, 300).ToArbitrary(), Gen.Choose(1, 8).ToArbitrary(), (steps, half) =>
        {
            double[] losses = [.. Enumerable.Range(0, steps).Select(i => Math.Sin(i) + 2)];
            var history = new CurveHistory(2 * half);
            foreach (double loss in losses)
            {
                history.Add(loss);
            }

            // The naive model: the smallest power of two that fits, and plain means.
            int stride = 1;
            while (steps > 2 * half * stride)
            {
                stride *= 2;
            }

            CurvePoint[] expected = [.. losses.Chunk(stride).Select((chunk, i) =>
                new CurvePoint(i * stride + chunk.Length / 2.0, chunk.Average()))];
            CurvePoint[] actual = history.ToPoints();
            history.Steps.ShouldBe(steps);
            actual.Select(p => p.Step).ShouldBe(expected.Select(p => p.Step));
            actual.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First.Loss - pair.Second.Loss) < 1e-12);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_loss_that_is_not_finite_leaves_a_gap_and_spoils_no_mean()
    {
        var history = new CurveHistory(2);
        foreach (double loss in (double[])[double.NaN, double.NaN, 4, double.PositiveInfinity])
        {
            history.Add(loss);
        }

        history.ToPoints().ShouldBe([new CurvePoint(3, 4)]);
    }
}
