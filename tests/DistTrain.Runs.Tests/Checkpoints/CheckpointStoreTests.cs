using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runs.Tensors;
using DistTrain.Runs.Tests.Fixtures;

namespace DistTrain.Runs.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TinyModel _model = new();
    private readonly RunDirectory _run;
    private readonly CheckpointStore _store;

    public CheckpointStoreTests()
    {
        _run = RunDirectory.Create(_folder.Root, "x");
        _store = new CheckpointStore(_run, new CheckpointSpec(1, null, 2));
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_checkpoint_gives_back_everything()
    {
        string path = Save(1234);
        Path.GetFileName(path).ShouldBe("step-00001234.safetensors");
        using var target = new TinyModel();
        LoadedCheckpoint loaded = _store.LoadLatest(target.Tensors);
        loaded.Path.ShouldBe(path);
        loaded.Progress.Step.ShouldBe(1234);
        loaded.JobJson.ShouldBe("{\"name\": \"x\"}");
        target.Values.ShouldBe(_model.Values);
    }

    [Fact]
    public void Others_find_tensors_by_name()
    {
        using SafetensorsFile file = Safetensors.Read(Save(1));
        file.Tensors.Select(t => t.Name + t.ShapeText).ShouldBe(
        [
            "0.weight[3, 2]", "0.bias[3]", "1.running_mean[3]",
            "optimizer.exp_avg/0.weight[3, 2]", "optimizer.exp_avg/0.bias[3]",
            "optimizer.exp_avg_sq/0.weight[3, 2]", "optimizer.exp_avg_sq/0.bias[3]",
        ]);
        using var bias = new NativeBuffer<float>(3);
        file.Read(file.Find("0.bias")!, bias);
        bias.Span.ToArray().ShouldBe(_model.Values[6..9]);
    }

    [Fact]
    public void The_newest_are_kept_and_the_best_besides()
    {
        for (int step = 1; step <= 5; step++)
        {
            Save(step, isBest: step == 2);
        }

        Names().ShouldBe(["best.safetensors", "step-00000004.safetensors", "step-00000005.safetensors"]);
        using var target = new TinyModel();
        _store.LoadBest(target.Tensors).Progress.Step.ShouldBe(2);
        _store.LoadLatest(target.Tensors).Progress.Step.ShouldBe(5);
    }

    [Fact]
    public void A_better_one_takes_the_place_of_the_best()
    {
        Save(1, isBest: true);
        Save(2, isBest: true);
        Save(2, isBest: true);
        using var target = new TinyModel();
        _store.LoadBest(target.Tensors).Progress.Step.ShouldBe(2);
        Names().ShouldNotContain(name => name.EndsWith(".tmp"));
    }

    [Fact]
    public void Best_weights_of_another_epoch_than_the_one_asked_for_are_no_best_weights()
    {
        Save(2, isBest: true);
        using var target = new TinyModel();
        float[] before = target.Values;
        int epoch = _store.LoadBest(target.Tensors).Progress.CompletedEpochs;
        _store.LoadBest(target.Tensors, epoch).Progress.Step.ShouldBe(2);
        using var untouched = new TinyModel();
        RunFaultException fault = Should.Throw<RunFaultException>(
            () => _store.LoadBest(untouched.Tensors, epoch + 1));
        fault.Message.ShouldContain($"is of epoch {epoch}");
        untouched.Values.ShouldBe(before);
    }

    [Fact]
    public void What_a_kill_left_aside_is_ignored_and_cleared_away()
    {
        Save(1);
        File.WriteAllText(Path.Combine(_run.CheckpointsPath, "step-00000009.safetensors.tmp"), "half");
        using var target = new TinyModel();
        _store.LoadLatest(target.Tensors).Progress.Step.ShouldBe(1);
        Save(2);
        Names().ShouldBe(["step-00000001.safetensors", "step-00000002.safetensors"]);
    }

    [Fact]
    public void A_damaged_one_is_passed_over_and_said()
    {
        Save(1);
        string newest = Save(2);
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[^1] ^= 1;
        File.WriteAllBytes(newest, bytes);
        var notices = new List<string>();
        using var target = new TinyModel();
        _store.LoadLatest(target.Tensors, notices.Add).Progress.Step.ShouldBe(1);
        notices.ShouldHaveSingleItem()
            .ShouldBe(
                $"{newest} is damaged: its tensors do not match their checksum; trying the one before it");
    }

    [Fact]
    public void Damaged_later_ones_never_push_out_good_ones()
    {
        File.WriteAllText(Path.Combine(_run.CheckpointsPath, "step-00000008.safetensors"), "damaged");
        File.WriteAllText(Path.Combine(_run.CheckpointsPath, "step-00000009.safetensors"), "damaged");
        Save(5);
        Save(6);
        using var target = new TinyModel();
        _store.LoadLatest(target.Tensors).Progress.Step.ShouldBe(6);
        Save(9);
        Save(10);
        Names().ShouldBe(["step-00000009.safetensors", "step-00000010.safetensors"]);
    }

    [Fact]
    public void None_at_all_and_none_whole_are_told_apart()
    {
        using var target = new TinyModel();
        Should.Throw<UserFaultException>(() => _store.LoadLatest(target.Tensors))
            .Message.ShouldContain("there is no checkpoint to go on from");
        File.WriteAllText(Path.Combine(_run.CheckpointsPath, "step-00000001.safetensors"), "");
        Should.Throw<UserFaultException>(() => _store.LoadLatest(target.Tensors))
            .Message.ShouldContain("none of the 1 checkpoints is whole");
        Should.Throw<UserFaultException>(() => _store.LoadBest(target.Tensors))
            .Message.ShouldContain("best.safetensors");
    }

    [Fact]
    public void Another_model_is_refused_by_its_first_difference()
    {
        string path = Save(1);
        using var wider = new TinyModel(rows: 4);
        float[] before = wider.Values;
        Should.Throw<UserFaultException>(() => _store.LoadLatest(wider.Tensors)).Message.ShouldBe(
            $"{path}: tensor '0.weight' is [3, 2] F32 where this job needs [4, 2] F32: it was saved for "
                + $"another model");
        wider.Values.ShouldBe(before);
        using var renamed = new TinyModel(weightName: "body.weight");
        Should.Throw<UserFaultException>(() => _store.LoadLatest(renamed.Tensors))
            .Message.ShouldContain("has no tensor 'body.weight' [3, 2]");
    }

    [Fact]
    public void Another_optimizer_is_refused()
    {
        Save(1);
        using var target = new TinyModel();
        Should.Throw<UserFaultException>(() => _store.LoadLatest(target.Tensors with { OptimizerState = [] }))
            .Message.ShouldContain(
                "holds tensor 'optimizer.exp_avg/0.weight' [3, 2], which this job has no place for");
    }

    [Fact]
    public void A_plain_weights_file_is_not_taken_for_a_checkpoint()
    {
        string path = Path.Combine(_run.CheckpointsPath, "step-00000001.safetensors");
        Runs.Weights.WeightsFile.Write(path, _model.Layout, _model.Tensors.Parameters, "{}");
        using var target = new TinyModel();
        Should.Throw<UserFaultException>(() => CheckpointStore.Load(path, target.Tensors))
            .Message.ShouldContain("is not a checkpoint");
    }

    private string Save(long step, bool isBest = false) => _store.Save(
        new TrainingProgress { Step = step }, _model.Fill(step).Tensors, "{\"name\": \"x\"}", isBest);

    private IEnumerable<string> Names()
        => Directory.EnumerateFiles(_run.CheckpointsPath).Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal);
}
