using DistTrain.Core.Jobs;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Planning;

/// <summary>What a grid must hold to, given the job and its data.</summary>
internal static class GridChecks
{
    public static void Check(StudyFile file, JobSpec job, int? samples, List<string> problems)
    {
        StudySpec study = file.Spec;
        int largest = study.Batches.Max(), smallest = study.Batches.Min(), workers = study.Workers.Max();
        if (samples is { } most && largest > most)
        {
            Complain("batches", $"{largest} is more than the {most:N0} training samples");
        }

        if (study.Shards is { } shards && shards > smallest)
        {
            Complain("shards", $"{shards} is more than the smallest batch, {smallest}");
        }

        int cut = study.Shards ?? ShardCount.For(smallest, workers);
        if (workers > cut)
        {
            Complain("workers",
                $"{workers} is more than the {cut} shards of batch {smallest}: some would idle");
        }

        if (job.Dataset.Validation == 0)
        {
            Complain("target.metric", "needs a validation set; the job's dataset.validation is 0");
        }

        if (job.Dataset.Task == "regression" && study.Target.Metric == StoppingMetric.ValidationAccuracy)
        {
            Complain("target.metric", "validation-accuracy needs classes; a regression has only a loss");
        }

        if (study.Steps is not null && samples is null)
        {
            Complain("steps", "needs the number of training samples, and the data is not on this machine; "
                + "give epochs instead");
        }

        if (study is { Halving: { } halving, Epochs: null, Steps: null } && halving.Rungs[^1] >= job.Epochs)
        {
            Complain("halving.rungs",
                $"the last rung is not before the end; the job's epochs is {job.Epochs}");
        }

        void Complain(string path, string what) => problems.Add(file.Say(path, what));
    }
}
