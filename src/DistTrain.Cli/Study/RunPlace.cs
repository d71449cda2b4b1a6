using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Cli.Engines;
using DistTrain.Cli.Settings;
using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;
using DistTrain.Study.Launching;

namespace DistTrain.Cli.Study;

/// <summary>Where a study, a search or a sweep has its runs made: on this machine, or on a cluster.</summary>
/// <param name="Launcher">Carries them out.</param>
/// <param name="Machine">In words, for a report.</param>
/// <param name="SamplesOf">Training samples of a job; null: its data is not here to count them.</param>
internal sealed record RunPlace(IRunLauncher Launcher, Func<string> Machine, Func<JobSpec, int?> SamplesOf)
{
    /// <summary>The cluster a command line names; null: this machine.</summary>
    public static ClientSettings? ServerOf(EffectiveSettings settings, CommandContext context)
        => settings[SettingTable.Server].Level == SettingLevel.Flag
            ? ClientSettings.From(settings, context.Folder) : null;

    /// <summary>
    /// Opens it. A machine has one worker for every so many processors as a worker has threads; a cluster's
    /// are counted once, now.
    /// </summary>
    /// <param name="context">The world.</param>
    /// <param name="server">null: this machine.</param>
    /// <param name="device">"cpu", "cuda:N" or a list of GPUs; of this machine.</param>
    /// <param name="workers">Workers that may be busy at once; null: what there are.</param>
    /// <param name="threads">Threads of a worker.</param>
    /// <param name="runsFolder">Run directories go there.</param>
    /// <param name="notice">Is told what is worth a line.</param>
    /// <param name="cancellation">Ends the talk with the cluster.</param>
    /// <exception cref="UserFaultException">The cluster has no workers, or nobody answers.</exception>
    public static async Task<RunPlace> OpenAsync(
        CommandContext context, ClientSettings? server, string device, int? workers, int threads,
        string runsFolder, Action<string> notice, CancellationToken cancellation)
    {
        if (server is null)
        {
            return OnThisMachine(new LocalLauncherOptions
            {
                Engine = new ProgramEngine(device),
                Device = device,
                RunsFolder = runsFolder,
                Workers = workers ?? Math.Max(1, Environment.ProcessorCount / threads),
                Places = DatasetPlaces.FromEnvironment(),
                Time = context.Time,
                Notice = notice,
            });
        }

        IClusterControl control = context.Connect(server with { Notice = notice });
        try
        {
            ClusterView cluster = await control.ClusterAsync(cancellation);
            int there = workers ?? cluster.Nodes.Count;
            if (there == 0)
            {
                throw new UserFaultException(
                    $"the cluster at {server.Server} has no workers; start some with disttrain worker");
            }

            string devices = string.Join(", ", cluster.Nodes.Select(node => node.Device).Distinct());
            return new RunPlace(
                new ClusterLauncher(control, there, runsFolder, notice),
                () => $"cluster of {cluster.Nodes.Count} workers on {devices}", Count);
        }
        catch
        {
            (control as IDisposable)?.Dispose();
            throw;
        }
    }

    private static RunPlace OnThisMachine(LocalLauncherOptions options)
    {
        var launcher = new LocalLauncher(options);
        return new RunPlace(
            launcher,
            () => $"{Environment.ProcessorCount} × {ProcessorName()}, {options.Engine.Description}",
            job => launcher.TrainingSamplesOf(job));
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
