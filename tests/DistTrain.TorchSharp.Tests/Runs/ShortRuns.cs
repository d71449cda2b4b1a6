using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;
using DistTrain.LibTorch.Tests.Reference;
using DistTrain.Runs.Summaries;
using DistTrain.Study.Execution;
using DistTrain.Study.Launching;

namespace DistTrain.TorchSharp.Tests.Runs;

/// <summary>Whole runs of some steps on drawn data, by any engine.</summary>
internal sealed class ShortRuns : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A job on strokes; <paramref name="model"/> and <paramref name="rest"/> are JSON.</summary>
    public static JobSpec Job(string model, string rest = "\"epochs\": 1", int train = 1600, int shards = 4)
        => JobReader.Read(
            $$"""
            { "model": {{model}}, "dataset": { "name": "strokes", "train": {{train}}, "validation": 0 },
              "batch": { "global": 32, "shards": {{shards}} }, "workers": { "min": 1, "max": 8 }, {{rest}} }
            """,
            "job.json", [], workers: 1);

    public async Task<(double[] Losses, RunSummary Summary)> TrainAsync(
        IEngine engine, JobSpec job, int workers = 1, string name = "run", long stopAfter = long.MaxValue)
    {
        using var stop = new CancellationTokenSource();
        var watch = new Watch(stopAfter, stop);
        await using var launcher = new LocalLauncher(new LocalLauncherOptions
        {
            Engine = engine,
            RunsFolder = _folder.Path,
            Workers = workers,
            Places = DatasetPlaces.FromEnvironment(),
        });
        job = job with { Workers = new WorkersSpec(1, workers) };
        RunSummary summary = await launcher.RunAsync(new RunRequest(name, job), watch, stop.Token);
        return ([.. watch.Losses], summary);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Watch(long stopAfter, CancellationTokenSource stop) : IRunObserver
    {
        public List<double> Losses { get; } = [];

        public void OnStep(StepMetrics step)
        {
            Losses.Add(step.Loss);
            if (step.Step + 1 == stopAfter)
            {
                stop.Cancel();
            }
        }
    }
}
