using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

/// <summary>Fields that are fine alone and wrong together.</summary>
public sealed class JobMeaningTests
{
    [Theory]
    [InlineData("""{"optimizer":{"name":"adam","momentum":0.9}}""",
        "optimizer.momentum: has a meaning only with optimizer.name \"sgd\" or \"rmsprop\" or "
        + "\"lars\"; here it is \"adam\"")]
    [InlineData("""{"optimizer":{"momentum":0,"nesterov":true}}""",
        "optimizer.nesterov: has a meaning only with optimizer.momentum above 0; here it is 0")]
    [InlineData("""{"optimizer":{"beta1":0.8}}""",
        "optimizer.beta1: has a meaning only with optimizer.name \"adam\" or \"adamw\" or \"lamb\"; "
        + "here it is \"sgd\"")]
    [InlineData("""{"optimizer":{"name":"lamb","trustCoefficient":0.01}}""",
        "optimizer.trustCoefficient: has a meaning only with optimizer.name \"lars\"; here it is \"lamb\"")]
    [InlineData("""{"learningRate":{"scaling":"adascale"},"batch":{"global":32,"shards":8}}""",
        "learningRate.scaling: \"adascale\" needs a batch.global of at least learningRate.referenceBatch, "
        + "64; it is 32")]
    [InlineData("""{"learningRate":{"scaling":"adascale"},"batch":{"global":64,"shards":1}}""",
        "learningRate.scaling: \"adascale\" needs at least 2 shards, for its gain comes from how their "
        + "gradients differ; batch.shards is 1")]
    [InlineData("""{"model":{"preset":"cnn","hidden":[64]}}""",
        "model.hidden: has a meaning only with model.preset \"mlp\"; here it is \"cnn\"")]
    [InlineData("""{"model":{"layers":["flatten"],"hidden":[64]}}""",
        "model.hidden: has a meaning only with model.preset \"mlp\"")]
    [InlineData("""{"model":{"preset":"softmax","dropout":0.5}}""",
        "model.dropout: has a meaning only with model.preset \"mlp\" or \"lenet\" or \"cnn\" or "
        + "\"resnet8\" or \"resnet20\"; here it is \"softmax\"")]
    [InlineData("""{"model":{"type":"My.Net"}}""",
        "model.type: has a meaning only with model.assembly")]
    [InlineData("""{"model":{"assembly":"my.dll"}}""",
        "model.type: is missing; give the full name of the module's type in model.assembly")]
    [InlineData("""{"precision":"bf16","model":{"assembly":"my.dll","type":"My.Net"}}""",
        "precision: is not for model.assembly; a module of your own computes in float32")]
    [InlineData("""{"model":{"preset":"cnn","assembly":"my.dll","type":"My.Net"}}""",
        "model.assembly: only one of model.preset and model.assembly can be given")]
    [InlineData("""{"model":{"preset":"cnn","torchscript":"a.pt"}}""",
        "model.torchscript: only one of model.preset and model.torchscript can be given")]
    [InlineData("""
        {"dataset":{"name":"csv","path":"a","label":"y","task":"regression"},"loss":{"labelSmoothing":0.1}}
        """,
        "loss.labelSmoothing: has a meaning only with loss.name \"cross-entropy\"; here it is \"mse\"")]
    [InlineData("""{"dataset":{"label":"y"}}""",
        "dataset.label: has a meaning only with dataset.name \"csv\"; here it is \"strokes\"")]
    [InlineData("""{"dataset":{"path":"x"}}""",
        "dataset.path: has a meaning only without dataset.name \"strokes\"; here it is \"strokes\"")]
    [InlineData("""{"dataset":{"name":"csv","path":"a","label":"y","augment":{"crop":2}}}""",
        "dataset.augment.crop: has a meaning only without dataset.name \"csv\"; here it is \"csv\"")]
    [InlineData("""{"learningRate":{"warmupEpochs":1,"schedule":{"name":"one-cycle"}}}""",
        "learningRate.warmupEpochs: has a meaning only without learningRate.schedule.name \"one-cycle\"; "
        + "here it is \"one-cycle\"")]
    [InlineData("""{"learningRate":{"warmupStart":0.01}}""",
        "learningRate.warmupStart: has a meaning only with learningRate.warmupEpochs above 0; here it is 0")]
    [InlineData("""{"learningRate":{"schedule":{"name":"cosine","gamma":0.5}}}""",
        "learningRate.schedule.gamma: has a meaning only with learningRate.schedule.name \"step\" or "
        + "\"exponential\"; here it is \"cosine\"")]
    [InlineData("""{"learningRate":{"schedule":{"name":"step","everyEpochs":1,"milestones":[2]}}}""",
        "learningRate.schedule.everyEpochs: has a meaning only without learningRate.schedule.milestones; "
        + "here it is [2]")]
    [InlineData("""{"batch":{"global":4,"shards":8}}""", "batch.shards: 8 is more than batch.global, 4")]
    [InlineData("""{"workers":{"min":3,"max":2}}""", "workers.min: 3 is more than workers.max, 2")]
    [InlineData("""{"earlyStopping":{},"dataset":{"validation":0}}""",
        "earlyStopping.metric: \"validation.loss\" needs a validation set; dataset.validation is 0")]
    [InlineData("""{"dataset":{"validation":0},"learningRate":{"schedule":{"name":"reduce-on-plateau"}}}""",
        "learningRate.schedule.metric: \"validation.loss\" needs a validation set; dataset.validation is 0")]
    [InlineData("""{"dataset":{"train":100,"validation":100}}""",
        "dataset.validation: 100 leaves nothing to train on; dataset.train is 100")]
    [InlineData("""{"loss":{"name":"mse"}}""",
        "loss.name: \"mse\" needs numbers as labels: a csv set with the task \"regression\"")]
    [InlineData("""{"epochs":2,"learningRate":{"warmupEpochs":3}}""",
        "learningRate.warmupEpochs: 3 is more than epochs, 2")]
    [InlineData("""{"learningRate":{"schedule":{"minimumRate":0.5}}}""",
        "learningRate.schedule.minimumRate: 0.5 is more than the rate of this batch, 0.05")]
    public void Fields_that_contradict_each_other_are_refused(string json, string problem)
        => Problem(json).ShouldBe($"job.json:1: {problem}");

    [Fact]
    public void A_csv_set_needs_a_file_and_a_label()
        => Problems("""{"dataset":{"name":"csv"}}""").ShouldBe(
        [
            "job.json:1: dataset.path: is missing; a csv set needs its training file",
            "job.json:1: dataset.label: is missing; a csv set needs the name of its label column",
        ]);

    [Fact]
    public void A_regression_has_no_accuracy_and_no_cross_entropy()
        => Problems(
            """
            {"dataset":{"name":"csv","path":"a","label":"y","task":"regression","validation":9},
             "loss":{"name":"cross-entropy"},
             "earlyStopping":{"metric":"validation.accuracy"}}
            """).ShouldBe(
        [
            "job.json:2: loss.name: \"cross-entropy\" needs classes as labels; a regression goes with "
            + "\"mse\"",
            "job.json:3: earlyStopping.metric: \"validation.accuracy\" needs classes; a regression has only "
            + "a loss",
        ]);

    [Theory]
    [InlineData("""{"optimizer":{"name":"adam","nesterov":false}}""",
        "optimizer.nesterov: has a meaning only with")]
    [InlineData("""{"dataset":{"name":"csv","path":"a","label":"y","augment":{"flip":false}}}""",
        "dataset.augment.flip: has a meaning only without")]
    [InlineData("""{"learningRate":{"warmupEpochs":0,"schedule":{"name":"one-cycle"}}}""",
        "learningRate.warmupEpochs: has a meaning only without")]
    [InlineData("""{"learningRate":{"scaling":"none","referenceBatch":64}}""",
        "learningRate.referenceBatch: has a meaning only without learningRate.scaling \"none\"")]
    [InlineData("""{"epochs":10,"learningRate":{"schedule":{"name":"step","milestones":[5,30]}}}""",
        "learningRate.schedule.milestones: 30 is never reached; epochs is 10")]
    [InlineData("""{"learningRate":{"scaling":"legew"}}""",
        "learningRate.scaling: \"legew\" stretches the warm-up with the batch, and there is none")]
    [InlineData("""{"learningRate":{"scaling":"legew","schedule":{"name":"one-cycle"}}}""",
        "learningRate.scaling: \"legew\" stretches the warm-up with the batch, and there is none")]
    [InlineData("""{"batch":{"shards":2},"workers":{"max":4}}""",
        "workers.max: 4 is more than batch.shards, 2")]
    public void What_is_harmless_is_a_warning(string json, string begin)
        => Warnings(json).ShouldHaveSingleItem().ShouldStartWith($"job.json:1: {begin}");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"learningRate":{"scaling":"none"}}""")]
    [InlineData("""{"learningRate":{"scaling":"legew","warmupEpochs":0.5}}""")]
    [InlineData("""{"learningRate":{"scaling":"adascale"}}""")]
    [InlineData("""{"batch":{"shards":2}}""")]
    public void Defaults_are_never_warned_about(string json) => Warnings(json).ShouldBeEmpty();

    [Fact]
    public void One_wrong_choice_does_not_put_the_fields_around_it_in_the_wrong()
        => Problem(
            """
            {"optimizer":{"name":"adan","beta1":0.8,"momentum":0.5,"nesterov":true},
             "learningRate":{"schedule":{"minimumRate":0.04}}}
            """)
            .ShouldContain("did you mean \"adam\"?");
}
