using DistTrain.Core.Jobs;
using DistTrain.Study.Planning;
using DistTrain.Study.Records;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Tests.Fixtures;

/// <summary>A study that is fine, in parts that a test replaces.</summary>
internal static class SmallStudy
{
    public const int TrainingSamples = 1000;

    public const string Job =
        """
        { "dataset": { "name": "strokes", "validation": 200 }, "model": { "preset": "softmax" },
          "optimizer": { "name": "sgd", "momentum": 0.9 },
          "learningRate": { "base": 0.02, "referenceBatch": 32 } }
        """;

    /// <summary>A study file's text: name, job and target, with more lines inside.</summary>
    public static string Text(string more, string job = Job)
        => $$"""
        {
          "name": "small",
          "job": {{job}},
          "target": { "value": 0.9 },
          {{more}}
        }
        """;

    public static StudyFile File(string more, string job = Job)
        => StudyReader.Read(Text(more, job), "study.json");

    public static StudyPlan Plan(string more, string job = Job, int? samples = TrainingSamples)
    {
        StudyFile file = File(more, job);
        var read = new BaseJob(file.Spec, file.Spec.Job.Text!, file.Source, spec => spec);
        return GridPlanner.Plan(file, read, samples);
    }

    public static StudyFrame Frame(StudyPlan plan) => new(
        plan.Study.Name, plan.Study.Question, plan.Study.Target, plan.Base.ReferenceBatch,
        "disttrain study study.json", plan.Cells.Count, "a machine");

    public static JobSpec AnyJob(int workers = 1)
        => Plan("\"batches\": [32], \"epochs\": 4").Cells[0].Job with
        {
            Workers = new WorkersSpec(1, workers),
        };
}
