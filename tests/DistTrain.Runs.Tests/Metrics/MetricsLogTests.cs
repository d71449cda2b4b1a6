using System.Text.Json;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Metrics;
using DistTrain.Runs.Tests.Fixtures;

namespace DistTrain.Runs.Tests.Metrics;

public sealed class MetricsLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LogPath => _folder["metrics.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_lines_are_as_documented()
    {
        using (MetricsLog log = MetricsLog.Create(LogPath))
        {
            log.Write(
                new StepMetrics(0, 1, 2.5, 0.125, 0.05, 256, 1.75, false, TimeSpan.FromMilliseconds(1.5)));
            log.Write(new EpochMetrics(
                1, 215, new(0.5, 0.875, 55_000), new(0.25, null, 5_000), 0.05, TimeSpan.FromSeconds(2),
                    27_500, true));
            log.Write(FakeRun.Summary([]));
        }

        File.ReadAllText(LogPath).ShouldBe(
            "{\"kind\":\"step\",\"step\":0,\"epoch\":1,\"loss\":2.5,\"accuracy\":0.125,\"learningRate\":0.05,"
            + "\"samples\":256,\"gradientNorm\":1.75,\"noiseScale\":null,"
            + "\"skipped\":false,\"seconds\":0.0015}\n"
            + "{\"kind\":\"epoch\",\"epoch\":1,\"step\":215,\"train\":{\"loss\":0.5,\"accuracy\":0.875,"
            + "\"samples\":55000},\"validation\":{\"loss\":0.25,\"accuracy\":null,\"samples\":5000},"
            + "\"learningRate\":0.05,\"improved\":true,\"seconds\":2,\"samplesPerSecond\":27500}\n"
            + "{\"kind\":\"final\",\"status\":\"completed\",\"epochs\":0,\"steps\":0,\"train\":null,"
            + "\"validation\":null,\"test\":null,"
            + "\"weightsSha256\":\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"}\n");
    }

    [Fact]
    public void The_scale_of_a_scaled_loss_is_written_and_read_and_no_other()
    {
        using (MetricsLog log = MetricsLog.Create(LogPath))
        {
            log.Write(Step(0, 1) with { LossScale = 65536 });
            log.Write(Step(1, 1));
        }

        File.ReadAllLines(LogPath)[0].ShouldContain("\"lossScale\":65536,");
        File.ReadAllLines(LogPath)[1].ShouldNotContain("lossScale");
        MetricsReader.ReadSteps(LogPath, 10).Select(step => step.LossScale).ShouldBe([65536, null]);
    }

    [Fact]
    public void What_is_not_finite_becomes_null_and_is_said()
    {
        using (MetricsLog log = MetricsLog.Create(LogPath))
        {
            log.Write(Step(
                0, 1) with
            { Loss = double.NaN, GradientNorm = double.PositiveInfinity, Skipped = true });
            log.Write(Step(1, 1) with { Accuracy = null });
        }

        string[] lines = File.ReadAllLines(LogPath);
        using var first = JsonDocument.Parse(lines[0]);
        first.RootElement.GetProperty("loss").ValueKind.ShouldBe(JsonValueKind.Null);
        first.RootElement.GetProperty("gradientNorm").ValueKind.ShouldBe(JsonValueKind.Null);
        first.RootElement.GetProperty("finite").GetBoolean().ShouldBeFalse();
        lines[1].ShouldContain("\"accuracy\":null");
        lines[1].ShouldNotContain("finite");
        double.IsNaN(MetricsReader.ReadSteps(LogPath, 10)[0].Loss).ShouldBeTrue();
    }

    [Fact]
    public void The_gradient_noise_is_written_as_it_is_known_and_comes_back()
    {
        var estimated = new NoiseEstimate(12.5, -0.25, 64, 17);
        var smoothed = new NoiseEstimate(null, null, 64, 17);
        using (MetricsLog log = MetricsLog.Create(LogPath))
        {
            log.Write(Step(0, 1) with { Noise = estimated });
            log.Write(Step(1, 1) with { Noise = smoothed });
            log.Write(Step(2, 1) with { Noise = estimated with { Scale = null } });
            log.Write(Step(3, 1));
        }

        string[] lines = File.ReadAllLines(LogPath);
        lines[0].ShouldContain(
            ",\"noiseScale\":64,\"noiseTrace\":12.5,\"noiseSquare\":-0.25,\"noiseEstimates\":17,");
        lines[1].ShouldContain(",\"noiseScale\":64,\"skipped\"");
        lines[2].ShouldContain(",\"noiseScale\":null,\"noiseTrace\":12.5,");
        MetricsReader.ReadSteps(LogPath, 10).Select(step => step.Noise).ShouldBe(
            [estimated, smoothed with { Estimates = 0 }, estimated with { Scale = null }, null]);
    }

    [Fact]
    public void Steps_reach_the_file_at_an_epoch_and_when_asked()
    {
        using MetricsLog log = MetricsLog.Create(LogPath);
        log.Write(Step(0, 1));
        new FileInfo(LogPath).Length.ShouldBe(0);
        log.Flush();
        File.ReadAllLines(LogPath).Length.ShouldBe(1);
        log.Write(Step(1, 1));
        log.Write(Epoch(1));
        File.ReadAllLines(LogPath).Length.ShouldBe(3);
    }

    /// <summary>
    /// Epochs of 4 steps; a run interrupted at any point, with any checkpoint before it, and resumed.
    /// </summary>
    [Fact]
    public void A_resumed_log_equals_that_of_an_uninterrupted_run()
    {
        const int epochs = 3, each = 4;
        Record(MetricsLog.Create(LogPath), 0, 0, epochs * each, finish: true);
        byte[] uninterrupted = File.ReadAllBytes(LogPath);
        for (int killedAt = 0; killedAt <= epochs * each; killedAt++)
        {
            for (int checkpoint = 0; checkpoint <= killedAt; checkpoint++)
            {
                // At an epoch's end a checkpoint may be from before or from after its evaluation.
                foreach (int completed in new[] { checkpoint / each, Math.Max(0, (checkpoint - 1) / each) })
                {
                    Record(MetricsLog.Create(LogPath), 0, 0, killedAt, finish: true);
                    MetricsLog resumed = MetricsLog.OpenForResume(LogPath, checkpoint, completed);
                    resumed.MissingSteps.ShouldBe(0);
                    Record(resumed, checkpoint, completed, epochs * each, finish: true);
                    File.ReadAllBytes(LogPath)
                        .ShouldBe(uninterrupted, $"{killedAt} {checkpoint} {completed}");
                }
            }
        }

        static void Record(MetricsLog log, int from, int completed, int to, bool finish)
        {
            using (log)
            {
                if (completed < from / each)
                {
                    log.Write(Epoch(from / each));
                }

                for (int step = from; step < to; step++)
                {
                    log.Write(Step(step, step / each + 1));
                    if ((step + 1) % each == 0)
                    {
                        log.Write(Epoch((step + 1) / each));
                    }
                }

                if (finish)
                {
                    log.Write(FakeRun.Summary([]));
                }
            }
        }
    }

    [Fact]
    public void A_validation_is_a_line_and_goes_with_what_came_after_the_checkpoint()
    {
        foreach (long? last in new long?[] { null, 1, 2 })
        {
            using (MetricsLog log = MetricsLog.Create(LogPath))
            {
                log.Write(Step(0, 1));
                log.Write(new ValidationPoint(1, 32, new(0.5, null, 10)));
                log.Write(Step(1, 1));
                log.Write(new ValidationPoint(2, 64, new(0.25, null, 10)));
            }

            // A checkpoint at step 2 may be from before the validation of its weights, or from after it.
            MetricsLog.OpenForResume(LogPath, 2, 0, last).Dispose();
            File.ReadAllLines(LogPath).Count(line => line.Contains("\"kind\":\"validation\""))
                .ShouldBe((int)(last ?? 0));
        }
        File.ReadAllLines(LogPath)[^1].ShouldBe(
            "{\"kind\":\"validation\",\"step\":2,\"samples\":64,"
            + "\"validation\":{\"loss\":0.25,\"accuracy\":null,\"samples\":10}}");
    }

    [Fact]
    public void Torn_and_missing_lines_are_cut_and_counted()
    {
        using (MetricsLog log = MetricsLog.Create(LogPath))
        {
            log.Write(Step(0, 1));
            log.Write(Step(1, 1));
        }

        byte[] whole = File.ReadAllBytes(LogPath);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(LogPath, whole[..length]);
            int lines = whole[..length].Count(b => b == '\n');
            using MetricsLog log = MetricsLog.OpenForResume(LogPath, 3, 0);
            log.MissingSteps.ShouldBe(3 - lines);
            new FileInfo(LogPath).Length.ShouldBe(Array.LastIndexOf(whole[..length], (byte)'\n') + 1);
        }
    }

    [Fact]
    public void A_missing_log_is_begun_anew()
    {
        using MetricsLog log = MetricsLog.OpenForResume(LogPath, 5, 1);
        log.MissingSteps.ShouldBe(5);
        File.Exists(LogPath).ShouldBeTrue();
    }

    [Fact]
    public void Reading_thins_evenly()
    {
        using (MetricsLog log = MetricsLog.Create(LogPath))
        {
            for (int step = 0; step < 1000; step++)
            {
                log.Write(Step(step, 1));
            }
        }

        IReadOnlyList<StepMetrics> thinned = MetricsReader.ReadSteps(LogPath, 100);
        thinned.Count.ShouldBeInRange(50, 100);
        thinned.Zip(thinned.Skip(1), (a, b) => b.Step - a.Step).Distinct().ShouldHaveSingleItem();
        MetricsReader.ReadSteps(LogPath, 1000).Select(s => s.Step)
            .ShouldBe(Enumerable.Range(0, 1000).Select(i => (long)i));
    }

    [Fact]
    public void A_log_that_cannot_be_written_names_its_file()
        => Should.Throw<RunFaultException>(() => MetricsLog.Create(_folder["none/m.jsonl"]))
            .Message.ShouldStartWith($"{_folder["none/m.jsonl"]} could not be written: ");

    private static StepMetrics Step(long step, int epoch)
        => new(step, epoch, 1.0 / (step + 3), 0.5, 0.1, 64, 1, false, TimeSpan.FromTicks(step));

    private static EpochMetrics Epoch(int epoch)
        => new(epoch, epoch * 4, new(0.1, 0.2, 3), null, 0.1, TimeSpan.Zero, 1000, false);
}
