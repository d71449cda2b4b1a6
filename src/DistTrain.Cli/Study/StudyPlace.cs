using DistTrain.Api;
using DistTrain.Cli.Engines;
using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;
using DistTrain.Study.Launching;

namespace DistTrain.Cli.Study;

/// <summary>Where a study's runs are made, this machine or a cluster.</summary>
/// <param name="Launcher">Carries them out.</param>
/// <param name="Machine">In words, for the report.</param>
/// <param name="SamplesOf">Training samples of a job; null: its data is not here to count them.</param>
internal sealed record StudyPlace(IRunLauncher Launcher, string Machine, Func<JobSpec, int?> SamplesOf)
{
    /// <summary>This machine, with one worker for every so many processors as a worker has threads.</summary>
    public static StudyPlace Local(
        StudyRequest request, string runsFolder, int threads, Action<string> notice)
    {
        var engine = new ProgramEngine(request.Device);
        var launcher = new LocalLauncher(new LocalLauncherOptions
        {
            Engine = engine,
            Device = request.Device,
            RunsFolder = runsFolder,
            Workers = request.Workers ?? Math.Max(1, Environment.ProcessorCount / threads),
            Places = DatasetPlaces.FromEnvironment(),
            Notice = notice,
        });
        string machine = $"{Environment.ProcessorCount} × {ProcessorName()}, {engine.Description}";
        return new StudyPlace(launcher, machine, job => launcher.TrainingSamplesOf(job));
    }

    /// <summary>A cluster; its workers are counted once, at the start.</summary>
    /// <exception cref="UserFaultException">It has none, or nobody answers.</exception>
    public static async Task<StudyPlace> ClusterAsync(
        CommandContext context, StudyRequest request, string runsFolder, Action<string> notice,
        CancellationToken cancellation)
    {
        IClusterControl control = context.Connect(request.Server! with { Notice = notice });
        ClusterView cluster = await control.ClusterAsync(cancellation);
        int workers = request.Workers ?? cluster.Nodes.Count;
        if (workers == 0)
        {
            throw new UserFaultException(
                $"the cluster at {request.Server!.Server} has no workers; start some with disttrain worker");
        }

        var launcher = new ClusterLauncher(control, workers, runsFolder, notice);
        string devices = string.Join(", ", cluster.Nodes.Select(node => node.Device).Distinct());
        return new StudyPlace(launcher, $"cluster of {cluster.Nodes.Count} workers on {devices}", Count);
    }

    /// <summary>A cluster's data may lie on its own machines alone.</summary>
    private static int? Count(JobSpec job)
    {
        try
        {
            using var dataset = DatasetLoader.Load(job.Dataset, job.Seed, DatasetPlaces.FromEnvironment());
            return dataset.Train.Count;
        }
        catch (UserFaultException)
        {
            return job.Dataset.Train is { } train ? train - job.Dataset.Validation : null;
        }
    }

    private static string ProcessorName()
    {
        const string Path = "/proc/cpuinfo", Label = "model name";
        string? line = File.Exists(Path)
            ? File.ReadLines(Path).FirstOrDefault(l => l.StartsWith(Label, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() is { Length: > 0 } name
            ? name : "processors";
    }
}
