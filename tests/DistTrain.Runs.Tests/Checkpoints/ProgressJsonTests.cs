using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.LossScaling;
using DistTrain.Core.Schedules;
using DistTrain.Core.Stopping;
using DistTrain.Runs.Checkpoints;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Runs.Tests.Checkpoints;

public sealed class ProgressJsonTests
{
    [Fact]
    public void Any_progress_comes_back_bit_for_bit()
        => Prop.ForAll(ArbMap.Default.ArbFor<double[]>(), ArbMap.Default.ArbFor<long>(), (numbers, count) =>
        {
            TrainingProgress progress = Make(numbers, count);
            Same(ProgressJson.Read(ProgressJson.Write(progress)), progress);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(0.1 + 0.2)]
    [InlineData(1.0 / 3)]
    public void Awkward_numbers_survive(double number)
    {
        TrainingProgress progress = Make([number], 3);
        Same(ProgressJson.Read(ProgressJson.Write(progress)), progress);
    }

    [Fact]
    public void A_fresh_progress_survives()
        => Same(ProgressJson.Read(ProgressJson.Write(new TrainingProgress())), new TrainingProgress());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"step\":\"three\"}")]
    [InlineData("{\"history\":null}")]
    [InlineData("{\"plateau\":null}")]
    [InlineData("{\"history\":[{\"epoch\":1}]}")]
    [InlineData("{\"stepp\":3}")]
    public void What_is_no_progress_is_refused(string json)
        => Should.Throw<FormatException>(() => ProgressJson.Read(json)).Message.ShouldNotContain("\n");

    private static TrainingProgress Make(double[] numbers, long count)
    {
        double At(int i) => numbers.Length == 0 ? double.NaN : numbers[i % numbers.Length];
        return new TrainingProgress
        {
            Step = count,
            AppliedSteps = count - 1,
            ConsecutiveSkips = 2,
            SkippedSteps = long.MaxValue,
            CompletedEpochs = numbers.Length,
            EpochLossSum = At(0),
            EpochCorrect = count,
            EpochSamples = 17,
            Plateau = new PlateauState(At(1), At(2), 3),
            EarlyStopping = new EarlyStoppingState(numbers.Length % 2 == 0 ? null : At(3), 4, 5),
            NoiseScale = new NoiseScaleState
            {
                Steps = count,
                TraceAverage = At(4),
                SquareAverage = At(5),
                AverageWeight = At(8),
                TraceSum = At(6),
                SquareSum = At(7),
            },
            StoppedEarly = numbers.Length % 2 == 0,
            ScaleInvariantSteps = At(4),
            LossScale = new LossScaleState(At(2), 7),
            LearningRate = At(5),
            Target = numbers.Length % 2 == 0 ? null : new TargetReached(count, count + 1),
            Validations = [.. numbers.Select((x, i) => new ValidationPoint(i, count, new(x, x, i)))],
            CutEpoch = numbers.Length % 2 == 0
                ? null
                : new CutEpoch(At(0), count, 17, new(At(1), At(2), 3), new(At(3), 4, 5)),
            History = [.. numbers.Select((x, i) => new EpochMetrics(
                i, i * count, new(x, i % 2 == 0 ? null : x, i), i % 3 == 0 ? null : new(-x, x, 4), x,
                TimeSpan.FromTicks(count), x / 3, i % 2 == 1))],
        };
    }

    private static void Same(TrainingProgress read, TrainingProgress written)
    {
        read.History.Count.ShouldBe(written.History.Count);
        for (int i = 0; i < read.History.Count; i++)
        {
            read.History[i].ShouldBe(written.History[i]);
            BitConverter.DoubleToInt64Bits(read.History[i].Train.Loss)
                .ShouldBe(BitConverter.DoubleToInt64Bits(written.History[i].Train.Loss));
        }

        read.Validations.SequenceEqual(written.Validations).ShouldBeTrue();
        (read with { History = written.History, Validations = written.Validations }).ShouldBe(written);
        BitConverter.DoubleToInt64Bits(read.EpochLossSum)
            .ShouldBe(BitConverter.DoubleToInt64Bits(written.EpochLossSum));
        BitConverter.DoubleToInt64Bits(read.NoiseScale.TraceSum)
            .ShouldBe(BitConverter.DoubleToInt64Bits(written.NoiseScale.TraceSum));
    }
}
