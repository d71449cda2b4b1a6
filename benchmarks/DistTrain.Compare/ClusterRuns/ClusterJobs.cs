using System.Text.Json.Nodes;
using DistTrain.Api;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Metrics;

namespace DistTrain.Compare.ClusterRuns;

/// <summary>Jobs as a client of a cluster sees them.</summary>
internal static class ClusterJobs
{
    /// <summary>Rarely, for every look costs the coordinator a little of what is measured.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// A model of the comparison on random images, one thread per worker, never saved on the way.
    /// </summary>
    public static JsonObject Of(string model, int batch, int shards, int workers, int epochs) => new()
    {
        ["name"] = model,
        ["model"] = ModelOf(model),
        ["dataset"] = new JsonObject { ["name"] = "mnist", ["validation"] = 0 },
        ["batch"] = new JsonObject { ["global"] = batch, ["shards"] = shards },
        ["threads"] = 1,
        ["epochs"] = epochs,
        ["optimizer"] = new JsonObject { ["name"] = "sgd", ["momentum"] = 0.9 },
        ["learningRate"] = new JsonObject { ["base"] = 0.01, ["scaling"] = "none" },
        ["workers"] = WorkersOf(1, workers),
        ["checkpoint"] = new JsonObject { ["everyEpochs"] = 1_000_000 },
    };

    public static JsonObject WorkersOf(int fewest, int most) => new() { ["min"] = fewest, ["max"] = most };

    public static async Task<string> SubmitAsync(
        IClusterControl cluster, JsonObject job, CancellationToken stop)
        => (await cluster.SubmitAsync(new SubmitRequest(job.ToJsonString(), "bench", []), stop)).Id;

    /// <summary>Runs a job to its end.</summary>
    /// <exception cref="RunFaultException">It did not complete.</exception>
    public static async Task<JobView> RunAsync(
        IClusterControl cluster, JsonObject job, CancellationToken stop)
        => await EndAsync(cluster, await SubmitAsync(cluster, job, stop), stop);

    /// <summary>Waits for a job's end.</summary>
    /// <exception cref="RunFaultException">It did not complete.</exception>
    public static async Task<JobView> EndAsync(IClusterControl cluster, string id, CancellationToken stop)
    {
        while (true)
        {
            JobView job = (await cluster.JobAsync(id, stop))!;
            if (job.State == JobState.Completed)
            {
                return job;
            }
            if (job.State is JobState.Failed or JobState.Stopped or JobState.StoppedEarly)
            {
                throw new RunFaultException($"{id} ended as {job.State}: {job.Reason}");
            }
            await Task.Delay(LookEvery, stop);
        }
    }

    /// <summary>The steps of a job that has ended, as its metrics tell them.</summary>
    public static async Task<IReadOnlyList<StepMetrics>> StepsAsync(
        IClusterControl cluster, string id, CancellationToken stop)
    {
        string path = Path.GetTempFileName();
        try
        {
            await using (Stream metrics = (await cluster.FileAsync(id, JobFile.Metrics, stop))!)
            await using (FileStream file = File.Create(path))
            {
                await metrics.CopyToAsync(file, stop);
            }
            return MetricsReader.ReadSteps(path, int.MaxValue);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static JsonObject ModelOf(string name) => name switch
    {
        "cnn" => new JsonObject { ["preset"] = "cnn" },
        "wide" => new JsonObject { ["preset"] = "mlp", ["hidden"] = new JsonArray(4096, 4096) },
        _ => new JsonObject { ["preset"] = "mlp", ["hidden"] = new JsonArray(512, 256) },
    };
}
