using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.TensorBoard;
using DistTrain.Runs.Tests.Fixtures;

namespace DistTrain.Runs.Tests.TensorBoard;

public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FixedTime _time = new(1_700_000_000.25);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_named_for_time_and_host_and_begins_with_its_version()
    {
        TensorBoardWriter.Create(_folder.Root, _time, "my host/1").Dispose();
        string path = Directory.GetFiles(_folder.Root).ShouldHaveSingleItem();
        Path.GetFileName(path).ShouldBe("events.out.tfevents.1700000000.my-host-1");
        DecodedEvent first = EventFile.Read(path).ShouldHaveSingleItem();
        first.FileVersion.ShouldBe("brain.Event:2");
        first.WallTime.ShouldBe(1_700_000_000.25);
    }

    [Fact]
    public void Epochs_and_steps_carry_their_scalars()
    {
        using (var writer = TensorBoardWriter.Create(_folder.Root, _time, "h"))
        {
            _time.UnixSeconds += 1.5;
            writer.Write(new StepMetrics(0, 1, 2.5, 0.25, 0.125, 256, 1.75, false, TimeSpan.Zero)
            {
                Noise = new NoiseEstimate(3, 4, 96, 1),
            });
            writer.Write(new StepMetrics(
                1, 1, double.NaN, null, 0.125, 256, double.PositiveInfinity, true, TimeSpan.Zero));
            writer.Write(new EpochMetrics(
                1, 1L << 40, new(0.5, 0.75, 10), new(0.25, 0.875, 5), 0.125, TimeSpan.Zero, 4096, true));
            writer.Write(
                new EpochMetrics(2, 300, new(0.5, null, 10), null, 0.125, TimeSpan.Zero, 4096, true));
        }

        List<DecodedEvent> events = Events();
        events.Count.ShouldBe(5);
        events[1].WallTime.ShouldBe(1_700_000_001.75);
        Show(events[1]).ShouldBe(
            "0: batch/loss=2.5 batch/accuracy=0.25 learning_rate=0.125 gradient_norm=1.75 noise_scale=96");
        Show(events[2]).ShouldBe("1: batch/loss=NaN learning_rate=0.125 gradient_norm=Infinity");
        Show(events[3]).ShouldBe(
            "1099511627776: train/loss=0.5 train/accuracy=0.75 validation/loss=0.25 "
                + "validation/accuracy=0.875 "
            + "samples_per_second=4096");
        Show(events[4]).ShouldBe("300: train/loss=0.5 samples_per_second=4096");
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(1000, 1000)]
    [InlineData(1001, 501)]
    [InlineData(12_345, 950)]
    public void A_long_run_writes_at_most_a_thousand_steps_evenly_spread(int steps, int written)
    {
        using (var writer = TensorBoardWriter.Create(_folder.Root, _time, "h"))
        {
            writer.Expect(steps);
            for (int step = 0; step < steps; step++)
            {
                writer.Write(new StepMetrics(step, 1, 1, 1, 1, 1, 1, false, TimeSpan.Zero));
            }
        }

        List<DecodedEvent> events = Events();
        events.Count.ShouldBe(written + 1);
        if (written > 1)
        {
            events.Skip(1).Zip(events.Skip(2), (a, b) => b.Step - a.Step).Distinct().ShouldHaveSingleItem();
        }
    }

    [Fact]
    public void A_resumed_run_begins_a_file_of_its_own_and_voids_what_came_after()
    {
        TensorBoardWriter.Create(_folder.Root, _time, "h").Dispose();
        TensorBoardWriter.Create(_folder.Root, _time, "h", resumedAt: 42).Dispose();
        string[] files = [.. Directory.GetFiles(_folder.Root).Order(StringComparer.Ordinal)];
        files.Length.ShouldBe(2);
        List<DecodedEvent> events = EventFile.Read(files[1]);
        events[0].FileVersion.ShouldBe("brain.Event:2");
        events[1].SessionStart.ShouldBeTrue();
        events[1].Step.ShouldBe(42);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
        => Should.Throw<RunFaultException>(() => TensorBoardWriter.Create(_folder["none"], _time, "h"))
            .Message.ShouldStartWith(_folder["none/events.out.tfevents."]);

    private List<DecodedEvent> Events() => EventFile.Read(Directory.GetFiles(_folder.Root).Single());

    private static string Show(DecodedEvent e)
        => e.Step + ": " + string.Join(' ', e.Scalars.Select(s => $"{s.Key}={s.Value}"));
}
