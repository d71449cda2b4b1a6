using DistTrain.Core.Jobs;
using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

public sealed class JobDefaultsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("\uFEFF{ \"$schema\": \"../docs/job.schema.json\" }")]
    public void A_job_with_nothing_in_it_is_the_main_job(string? json)
    {
        var job = Read(json);

        job.Name.ShouldBe("strokes-mlp");
        job.Model.ShouldSatisfyAllConditions(
            m => m.Preset.ShouldBe("mlp"), m => m.Hidden.ShouldBe([128]), m => m.Activation.ShouldBe("relu"),
            m => m.Layers.ShouldBeNull(), m => m.TorchScript.ShouldBeNull());
        job.Dataset.ShouldBe(new DatasetSpec
        {
            Name = "strokes",
            Validation = 5000,
            Standardize = true,
            Augment = new AugmentSpec(),
        });
        job.Loss.ShouldBe(new LossSpec { Kind = LossKind.CrossEntropy });
        job.Batch.ShouldBe(new BatchSpec(64, 4));
        job.Epochs.ShouldBe(5);
        job.Optimizer.ShouldBe(new OptimizerSpec { Kind = OptimizerKind.Sgd, Momentum = 0.9 });
        job.LearningRate.ShouldBe(new LearningRateSpec
        {
            Base = 0.05,
            ReferenceBatch = 64,
            Scaling = ScalingRule.Linear,
            WarmupEpochs = 0,
            Schedule = new ScheduleSpec { Kind = ScheduleKind.Cosine },
        });
        job.ClipNorm.ShouldBeNull();
        job.EarlyStopping.ShouldBeNull();
        job.Aggregation.ShouldBe(Aggregation.Coordinator);
        job.Workers.ShouldBe(new WorkersSpec(1, 3));
        job.Threads.ShouldBe(1);
        job.Checkpoint.ShouldBe(new CheckpointSpec(1, null, 3));
        job.MaxSkippedSteps.ShouldBe(5);
        job.Seed.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, 64, 1)]
    [InlineData(2, 64, 2)]
    [InlineData(5, 64, 8)]
    [InlineData(8, 64, 8)]
    [InlineData(9, 4, 4)]
    [InlineData(3, 1, 1)]
    public void Shards_follow_the_workers_rounded_up_to_a_power_of_two(int workers, int batch, int shards)
        => JobReader.Read($$"""{ "batch": { "global": {{batch}} } }""", null, [], workers)
            .Batch.Shards.ShouldBe(shards);

    [Fact]
    public void Shards_follow_the_workers_that_the_job_allows()
    {
        JobReader.Read("""{"workers":{"max":2}}""", null, [], 16).Batch.Shards.ShouldBe(2);
        JobReader.Read("""{"workers":{"min":5,"max":9}}""", null, [], 1).Batch.Shards.ShouldBe(8);
    }

    [Fact]
    public void The_workers_to_start_lie_between_the_jobs_bounds()
    {
        var job = Read("""{"workers":{"min":2,"max":4}}""");
        JobReader.StartingWorkers(job, 1).ShouldBe(2);
        JobReader.StartingWorkers(job, 3).ShouldBe(3);
        JobReader.StartingWorkers(job, 99).ShouldBe(4);
    }

    [Fact]
    public void Defaults_follow_the_choices_made()
    {
        Read("""{"optimizer":{"name":"adamw"}}""").ShouldSatisfyAllConditions(
            j => j.Optimizer.WeightDecay.ShouldBe(0.01), j => j.Optimizer.Momentum.ShouldBe(0),
            j => j.LearningRate.Base.ShouldBe(0.001), j => j.LearningRate.Scaling.ShouldBe(ScalingRule.Sqrt));
        Read("""{"optimizer":{"name":"lars"}}""").ShouldSatisfyAllConditions(
            j => j.Optimizer.ShouldBe(new OptimizerSpec
            {
                Kind = OptimizerKind.Lars,
                Momentum = 0.9,
                WeightDecay = 0.0005,
                TrustCoefficient = 0.001,
            }),
            j => j.LearningRate.Base.ShouldBe(5), j => j.LearningRate.Scaling.ShouldBe(ScalingRule.Sqrt));
        Read("""{"optimizer":{"name":"lamb"}}""").ShouldSatisfyAllConditions(
            j => j.Optimizer.ShouldBe(new OptimizerSpec
            {
                Kind = OptimizerKind.Lamb,
                WeightDecay = 0.01,
                Epsilon = 1e-6,
            }),
            j => j.LearningRate.Base.ShouldBe(0.01));
        const string regression = """{"dataset":{"name":"csv","path":"a","label":"y","task":"regression"}}""";
        Read(regression).ShouldSatisfyAllConditions(
            j => j.Loss.Kind.ShouldBe(LossKind.MeanSquaredError), j => j.Dataset.Validation.ShouldBe(0),
            j => j.Name.ShouldBe("csv-mlp"));
        Read("""{"dataset":{"train":1000}}""").Dataset.Validation.ShouldBe(100);
        Read("""{"epochs":30,"learningRate":{"schedule":{"name":"step"}}}""")
            .LearningRate.Schedule.EveryEpochs.ShouldBe(10);
        Read("""{"model":{"layers":["flatten"]}}""").Name.ShouldBe("strokes-layers");
        Read("""{"model":{"torchscript":"a.pt"}}""").Name.ShouldBe("strokes-torchscript");
        Read("""{"model":{"assembly":"a.dll","type":"A"}}""").Name.ShouldBe("strokes-module");
    }

    [Fact]
    public void An_empty_early_stopping_section_turns_it_on()
        => Read("""{"earlyStopping":{}}""").EarlyStopping.ShouldBe(
            new EarlyStoppingSpec { Metric = StoppingMetric.ValidationLoss, Patience = 3 });

    [Fact]
    public void Null_means_not_given_where_a_field_is_optional()
        => Read("""{"earlyStopping":null,"clipNorm":null,"dataset":{"train":null},"model":{"layers":null}}""")
            .ShouldSatisfyAllConditions(
                j => j.EarlyStopping.ShouldBeNull(), j => j.ClipNorm.ShouldBeNull(),
                j => j.Dataset.Train.ShouldBeNull(), j => j.Model.Preset.ShouldBe("mlp"));

    [Fact]
    public void Every_value_of_a_full_job_arrives()
    {
        var job = Read(Full);
        job.Model.Hidden.ShouldBe([512, 256]);
        job.Batch.ShouldBe(new BatchSpec(256, 8));
        job.Optimizer.ShouldBe(new OptimizerSpec
        {
            Kind = OptimizerKind.Sgd,
            Momentum = 0.9,
            Nesterov = true,
            WeightDecay = 1e-4,
        });
        job.LearningRate.WarmupEpochs.ShouldBe(1);
        job.ClipNorm.ShouldBe(5);
        job.EarlyStopping.ShouldBe(
            new EarlyStoppingSpec { Metric = StoppingMetric.ValidationLoss, Patience = 3 });
        job.Workers.ShouldBe(new WorkersSpec(1, 8));
        job.Checkpoint.ShouldBe(new CheckpointSpec(1, 100, 3));
    }
}
