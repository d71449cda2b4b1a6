using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Fields;
using FsCheck;
using FsCheck.Fluent;
using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

public sealed class JobWriterTests
{
    [Fact]
    public void Reading_what_was_written_gives_the_same_job()
        => Prop.ForAll(RandomJobs.Accepted.ToArbitrary(), job =>
        {
            string text = JobWriter.Write(job);
            var warnings = new List<string>();
            var again = JobReader.Read(text, "job.json", [], workers: 7, warnings.Add);

            JobWriter.Write(again).ShouldBe(text);
            JobIdentity.Differences(job, again).ShouldBeEmpty();
            foreach (var field in JobFields.Table.Fields)
                Show(field, again).ShouldBe(Show(field, job), field.Path);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Random_jobs_use_every_field()
    {
        var texts = RandomJobs.Accepted.Sample(600).Select(JobWriter.Write).Select(t => Read(t)).ToList();
        foreach (var field in JobFields.Table.Fields)
        {
            texts.Select(job => Show(field, job)).Distinct().Count().ShouldBeGreaterThan(
                field.Path == "aggregation" ? 0 : 1, field.Path);
        }
    }

    [Fact]
    public void The_effective_job_is_written_in_one_canonical_form()
        => JobWriter.Write(Read("""{"seed":7,"model":{"hidden":[64,32]},"clipNorm":1}""")).ShouldBe(
            """
            {
              "name": "strokes-mlp",
              "model": {
                "preset": "mlp",
                "hidden": [64, 32],
                "activation": "relu",
                "dropout": 0
              },
              "dataset": {
                "name": "strokes",
                "validation": 5000,
                "standardize": true,
                "augment": {
                  "crop": 0,
                  "flip": false
                }
              },
              "loss": {
                "name": "cross-entropy",
                "labelSmoothing": 0
              },
              "batch": {
                "global": 64,
                "shards": 4,
                "schedule": {
                  "name": "constant"
                }
              },
              "epochs": 5,
              "optimizer": {
                "name": "sgd",
                "momentum": 0.9,
                "nesterov": false,
                "weightDecay": 0
              },
              "learningRate": {
                "base": 0.05,
                "referenceBatch": 64,
                "scaling": "linear",
                "warmupEpochs": 0,
                "schedule": {
                  "name": "cosine",
                  "minimumRate": 0
                }
              },
              "clipNorm": 1,
              "aggregation": "coordinator",
              "workers": {
                "min": 1,
                "max": 3
              },
              "threads": 1,
              "precision": "float32",
              "deterministic": true,
              "checkpoint": {
                "everyEpochs": 1,
                "keep": 3
              },
              "maxSkippedSteps": 5,
              "seed": 7
            }

            """);

    [Fact]
    public void Layers_are_written_one_to_a_line_with_every_value()
    {
        string text = JobWriter.Write(Read(
            """
            {"model":{"layers":
              ["flatten", {"dropout":0.5}, {"residual":{"body":[{"linear":{"out":4}},"relu"]}}]}}
            """));
        text.ShouldContain(
            """
                "layers": [
                  "flatten",
                  {"dropout": {"probability": 0.5}},
                  {"residual": {"body": [{"linear": {"out": 4, "bias": true}}, "relu"]}}
                ]
            """);
    }

    private static string? Show(Field<JobSpec> field, JobSpec job)
        => field.Get(job) is { } value ? field.Type.Show(value) : null;
}
