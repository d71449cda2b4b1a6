using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runs.Metrics;
using DistTrain.Runs.Observation;
using DistTrain.Runs.Tests.Fixtures;

namespace DistTrain.Runs.Tests.Checkpoints;

/// <summary>On a disk that is really full.</summary>
public sealed class FullDiskTests
{
    [SkippableFact]
    public void A_full_disk_leaves_the_previous_checkpoint_whole_and_nothing_aside()
    {
        using var disk = new SmallDisk();
        RunDirectory run = RunDirectory.Create(disk.Root, "x");
        using var model = new TinyModel(rows: 20_000);
        var store = new CheckpointStore(run, new CheckpointSpec(1, null, 5));
        store.Save(new TrainingProgress { Step = 1 }, model.Fill(1).Tensors, "{}", isBest: true);
        float[] saved = model.Values;

        string failed = Path.Combine(run.CheckpointsPath, "step-00000002.safetensors");
        Should.Throw<RunFaultException>(
            () => store.Save(new TrainingProgress { Step = 2 }, model.Fill(2).Tensors, "{}", isBest: true))
            .Message.ShouldBe(
                $"checkpoint could not be written: {failed}: No space left on device; the previous one is "
                    + $"whole");

        Directory.EnumerateFiles(run.CheckpointsPath).Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)
            .ShouldBe(["best.safetensors", "step-00000001.safetensors"]);
        using var target = new TinyModel(rows: 20_000);
        store.LoadLatest(target.Tensors).Progress.Step.ShouldBe(1);
        store.LoadBest(target.Tensors).Progress.Step.ShouldBe(1);
        target.Values.ShouldBe(saved);
    }

    [SkippableFact]
    public void A_first_checkpoint_that_fails_does_not_speak_of_a_previous_one()
    {
        using var disk = new SmallDisk();
        RunDirectory run = RunDirectory.Create(disk.Root, "x");
        disk.FillUp();
        using var model = new TinyModel();
        Should.Throw<RunFaultException>(() => new CheckpointStore(run, new CheckpointSpec(1, null, 1))
            .Save(new TrainingProgress(), model.Tensors, "{}", isBest: false))
            .Message.ShouldEndWith("No space left on device; there is no earlier one");
    }

    [SkippableFact]
    public void Metrics_of_a_full_disk_are_written_when_there_is_space_again()
    {
        using var disk = new SmallDisk();
        string path = Path.Combine(disk.Root, "metrics.jsonl");
        var notices = new List<string>();
        using MetricsLog log = MetricsLog.Create(path);
        var observer = new RunObserver(log, tensorBoard: null, notices.Add);
        string ballast = disk.FillUp();
        (List<EpochMetrics> epochs, List<StepMetrics> steps) = FakeRun.Make(2, 0);
        foreach (StepMetrics step in steps)
        {
            observer.OnStep(step);
        }

        observer.OnEpoch(epochs[0]);
        observer.OnEpoch(epochs[1]);
        notices.ShouldHaveSingleItem().ShouldBe(
            $"{path} could not be written: No space left on device; the run goes on, and writing is tried "
                + $"again");

        File.Delete(ballast);
        observer.Flush();
        File.ReadLines(path).Count().ShouldBe(steps.Count + 2);
        MetricsReader.ReadSteps(path, 10_000).Select(step => step.Loss)
            .ShouldBe(steps.Select(step => step.Loss));
    }

    [SkippableFact]
    public void A_summary_that_does_not_fit_leaves_the_old_one()
    {
        using var disk = new SmallDisk();
        string path = Path.Combine(disk.Root, "summary.json");
        Runs.Summaries.SummaryWriter.Write(path, FakeRun.Summary([]));
        string before = File.ReadAllText(path);
        disk.FillUp();
        Should.Throw<RunFaultException>(() => Runs.Summaries.SummaryWriter.Write(path, FakeRun.Summary([])))
            .Message.ShouldBe($"{path} could not be written: No space left on device");
        File.ReadAllText(path).ShouldBe(before);
        File.Exists(path + ".tmp").ShouldBeFalse();
    }
}
