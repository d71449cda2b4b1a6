using System.Text.Json;
using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>Runs that end, or look, in the middle of an epoch.</summary>
public sealed class RunLengthTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    [SkippableFact]
    public void The_most_steps_end_a_run_inside_an_epoch_with_all_that_belongs_to_its_end()
    {
        Needs.Engine();
        FinishedRun run = small.Train("--max-steps", "13");
        (run.Status, run.Steps, run.Epochs).ShouldBe(("completed", 13, 2));
        JsonElement last = run.Folder.Metrics("epoch")[^1];
        last.GetProperty("step").GetInt32().ShouldBe(13);
        last.GetProperty("train").GetProperty("samples").GetInt32().ShouldBe(120);
        last.GetProperty("validation").GetProperty("samples").GetInt32().ShouldBe(80);
        run.Accuracy("test").ShouldBeInRange(0, 1);
        File.Exists(Path.Combine(run.Folder.Checkpoints, "step-00000013.safetensors")).ShouldBeTrue();
    }

    [SkippableFact]
    public void More_of_them_go_on_to_the_bits_and_metrics_of_a_run_that_was_never_cut()
    {
        Needs.Engine();
        string[] plateau =
        [
            "--set", "learningRate.schedule.name=reduce-on-plateau",
            "--set", "learningRate.schedule.patience=1", "--set", "epochs=3",
        ];
        FinishedRun whole = small.Train(plateau);
        FinishedRun cut = small.Train([.. plateau, "--max-steps", "13"]);
        FinishedRun again = Disttrain.Train(
            small.Workspace, "--resume", cut.Folder.Path, "--max-steps", "17", "--workers", "1");
        again.Steps.ShouldBe(17);
        FinishedRun resumed = Disttrain.Train(
            small.Workspace, "--resume", cut.Folder.Path, "--set", "maxSteps=null", "--workers", "3");
        resumed.Hash.ShouldBe(whole.Hash);
        resumed.Folder.MetricsButTimes.ShouldBe(whole.Folder.MetricsButTimes);
    }

    [SkippableFact]
    public void Validations_between_epochs_are_recorded_and_change_no_bit()
    {
        Needs.Engine();
        FinishedRun plain = small.Train();
        FinishedRun looking = small.Train("--set", "validateEverySteps=5");
        looking.Hash.ShouldBe(plain.Hash);
        looking.Folder.Metrics("validation")
            .Select(line => (
                line.GetProperty("step").GetInt32(), line.GetProperty("samples").GetInt32(),
                line.GetProperty("validation").GetProperty("samples").GetInt32()))
            .ShouldBe([(5, 200, 80), (15, 600, 80)], "steps 10 and 20 end epochs");
    }

    [SkippableFact]
    public void A_target_ends_the_run_where_it_is_first_reached()
    {
        Needs.Engine();
        string[] looking = ["--set", "validateEverySteps=3", "--set", "target.metric=validation-loss"];
        FinishedRun all = small.Train([.. looking, "--set", "target.value=1e-9"]);
        all.Json.GetProperty("target").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement wanted = all.Folder.Metrics("validation")[3];
        double value = wanted.GetProperty("validation").GetProperty("loss").GetDouble();

        FinishedRun run = small.Train([.. looking, "--set", $"target.value={value:R}"]);
        int step = run.Json.GetProperty("target").GetProperty("step").GetInt32();
        step.ShouldBeLessThanOrEqualTo(wanted.GetProperty("step").GetInt32());
        run.Json.GetProperty("target").GetProperty("samples").GetInt32().ShouldBe(step * 40);
        (run.Status, run.Steps).ShouldBe(("completed", step));
        run.Loss("validation").ShouldBeLessThanOrEqualTo(value);
        run.Folder.Metrics("step").Count.ShouldBe(step);

        FinishedRun noting = small.Train(
            [.. looking, "--set", $"target.value={value:R}", "--set", "target.stop=false"]);
        noting.Json.GetProperty("target").GetProperty("step").GetInt32().ShouldBe(step);
        noting.Hash.ShouldBe(all.Hash);
    }
}
