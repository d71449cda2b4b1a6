using DistTrain.Core.Jobs;
using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

public sealed class JobOverrideTests
{
    private static JobOverride Flag(string name, string value)
        => JobFlags.All.Single(f => f.Name == name).With(value);

    [Fact]
    public void An_override_beats_the_file_and_a_later_one_an_earlier_one()
        => Read("""{"epochs":7,"batch":{"global":32}}""",
                Flag("--epochs", "8"), JobOverride.Set("epochs=9"), Flag("--lr", "1e-3"))
            .ShouldSatisfyAllConditions(
                j => j.Epochs.ShouldBe(9), j => j.Batch.Global.ShouldBe(32),
                j => j.LearningRate.Base.ShouldBe(0.001));

    [Theory]
    [InlineData("learningRate.schedule={\"name\":\"step\",\"milestones\":[2,4]}")]
    [InlineData("learningRate.schedule = {\"name\":\"step\",\"milestones\":[2,4]} ")]
    public void A_whole_section_can_be_set(string assignment)
        => Read(
                """{"learningRate":{"schedule":{"name":"cosine","minimumRate":0.01}}}""",
                JobOverride.Set(assignment))
            .LearningRate.Schedule.ShouldSatisfyAllConditions(
                s => s.Kind.ShouldBe(ScheduleKind.Step), s => s.Milestones.ShouldBe([2.0, 4.0]),
                s => s.MinimumRate.ShouldBe(0));

    [Fact]
    public void Bare_text_lists_and_null_are_understood()
        => Read(Full, JobOverride.Set("model.hidden=64, 32"), JobOverride.Set("earlyStopping=null"),
                JobOverride.Set("clipNorm=null"), JobOverride.Set("name=2024"), JobOverride.Set("seed=7"))
            .ShouldSatisfyAllConditions(
                j => j.Model.Hidden.ShouldBe([64, 32]), j => j.EarlyStopping.ShouldBeNull(),
                j => j.ClipNorm.ShouldBeNull(), j => j.Name.ShouldBe("2024"), j => j.Seed.ShouldBe(7));

    [Fact]
    public void Patience_turns_early_stopping_on()
        => Read("""{"earlyStopping":null}""", Flag("--patience", "4")).EarlyStopping.ShouldBe(
            new EarlyStoppingSpec { Metric = StoppingMetric.ValidationLoss, Patience = 4 });

    [Fact]
    public void Faults_name_the_flag_and_follow_those_of_the_file()
        => Problems("{\n\"epochs\":0}",
                Flag("--lr", "-0.1"), JobOverride.Set("optimizer.momentum=2"), Flag("--hidden", "512,x"),
                JobOverride.Set("optimiser.momentum=1"), JobOverride.Set("epoch=1"),
                JobOverride.Set("batch.global=NaN"),
                JobOverride.Set("model.layers=[1"), JobOverride.Set("optimizer=adam"), Flag("--data", ""))
            .ShouldBe(
            [
                "job.json:2: epochs: 0 is not a whole number from 1 to 1000000",
                "--lr: -0.1 is not a positive number",
                "--hidden: model.hidden[1]: x is not a whole number from 1 to 1048576",
                "--set optimiser.momentum=1: unknown field \"optimiser.momentum\"; did you mean "
                + "\"optimizer.momentum\"?",
                "--set epoch=1: unknown field \"epoch\"; did you mean \"epochs\"?",
                "--set batch.global=NaN: NaN is not a whole number from 1 to 16777216",
                "--set model.layers=[1: [1 is not valid JSON",
                "--set optimizer=adam: adam is not an object with name, momentum, nesterov, weightDecay, "
                    + "beta1, beta2, alpha, epsilon, trustCoefficient; write {\"name\": \"adam\"}",
                "--data: \"\" is not a path",
            ]);

    [Theory]
    [InlineData("epochs")]
    [InlineData("=5")]
    [InlineData("")]
    public void Set_wants_path_and_value(string assignment)
        => Should.Throw<UserFaultException>(() => JobOverride.Set(assignment)).Message
            .ShouldContain("path=value");

    [Fact]
    public void Without_a_file_only_the_flag_is_named()
        => Problem(null, Flag("--batch", "4"), Flag("--shards", "8"))
            .ShouldBe("--shards: 8 is more than batch.global, 4");

    [Fact]
    public void A_conflict_between_file_and_flag_is_told_at_the_flag()
        => Problem("""{"batch":{"shards":8}}""", Flag("--batch", "4"))
            .ShouldBe("--batch: batch.shards: 8 is more than batch.global, 4");

    [Fact]
    public void Another_optimizer_leaves_out_what_the_file_said_of_the_old_one()
    {
        var change = Flag("--optimizer", "adam");
        Read(Full, change).Optimizer
            .ShouldBe(new OptimizerSpec { Kind = OptimizerKind.Adam, WeightDecay = 1e-4 });
        Warnings(Full, change).ShouldBe(
        [
            "job.json:7: optimizer.momentum: left out because of --optimizer: it has a meaning only with "
                + "optimizer.name \"sgd\" or \"rmsprop\" or \"lars\"; here it is \"adam\"",
            "job.json:7: optimizer.nesterov: left out because of --optimizer: it has a meaning only with "
                + "optimizer.name \"sgd\" or \"lars\"; here it is \"adam\"",
        ]);
    }

    [Fact]
    public void Another_model_replaces_the_files()
    {
        Read(Full, Flag("--model", "cnn")).Model.ShouldBe(new ModelSpec { Preset = "cnn" });
        var layers = Read(Full, JobFlags.Model("net.json", _ => "[\"flatten\"]")).Model;
        layers.ShouldBe(new ModelSpec { Layers = layers.Layers });
        layers.Layers!.ShouldHaveSingleItem().Kind.ShouldBe(LayerKind.Flatten);
        Read("""{"model":{"layers":["flatten"]}}""", JobFlags.Model("a/b.pt", NotRead))
            .Model.ShouldBe(new ModelSpec { TorchScript = "a/b.pt" });
        Read("""{"model":{"torchscript":"b.pt"}}""", JobFlags.Model("softmax", NotRead))
            .Model.ShouldBe(new ModelSpec { Preset = "softmax" });
        Warnings("""{"model":{"torchscript":"b.pt"}}""", JobFlags.Model("softmax", NotRead))
            .ShouldBe(["job.json:1: model.torchscript: left out because of --model"]);
    }

    [Fact]
    public void A_flag_that_means_nothing_beside_the_file_is_refused()
        => Problem("""{"model":{"preset":"cnn"}}""", Flag("--hidden", "64"))
            .ShouldBe("--hidden: has a meaning only with model.preset \"mlp\"; here it is \"cnn\"");

    [Fact]
    public void Faults_in_a_file_of_layers_have_its_name_and_line()
        => Problem("{}", JobFlags.Model("net.json", _ => "[\n\"relu\",\n{\"linear\":{\"out\":0}}]"))
            .ShouldBe("net.json:3: model.layers[1].linear.out: 0 is not a whole number from 1 to 1048576");

    [Fact]
    public void Workers_and_shards_follow_the_flag()
        => JobReader.Read("""{"workers":{"max":2}}""", "job.json", [Flag("--workers", "5")], 5)
            .ShouldSatisfyAllConditions(
                j => j.Workers.ShouldBe(new WorkersSpec(1, 5)), j => j.Batch.Shards.ShouldBe(8));

    [Theory]
    [InlineData("--workers", "0")]
    [InlineData("--workers", "many")]
    [InlineData("--batch", "1e9")]
    [InlineData("--warmup", "-1")]
    [InlineData("--schedule", "cosin")]
    [InlineData("--dataset", "")]
    public void A_flags_value_is_checked_like_the_files(string name, string value)
        => Problem(null, Flag(name, value)).ShouldStartWith($"{name}: ");

    private static string NotRead(string path)
        => throw new InvalidOperationException($"{path} must not be read");
}
