using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Cli.Engines;
using DistTrain.Cli.Settings;
using DistTrain.Core;
using DistTrain.Data.Loading;
using DistTrain.Study.Launching;

namespace DistTrain.Cli.Study;

/// <summary>Where a search or a sweep has its runs made: on this machine, or on a cluster.</summary>
internal static class RunPlace
{
    /// <summary>The cluster a command line names; null: this machine.</summary>
    public static ClientSettings? ServerOf(EffectiveSettings settings, CommandContext context)
        => settings[SettingTable.Server].Level == SettingLevel.Flag
            ? ClientSettings.From(settings, context.Folder) : null;

    /// <param name="context">The world.</param>
    /// <param name="server">null: this machine.</param>
    /// <param name="device">"cpu" or "cuda:N"; of this machine.</param>
    /// <param name="workers">Workers that may be busy at once; null: what there are.</param>
    /// <param name="threads">Threads of a worker.</param>
    /// <param name="runsFolder">Run directories go there.</param>
    /// <param name="notice">Is told what is worth a line.</param>
    /// <param name="cancellation">Ends the talk with the cluster.</param>
    /// <exception cref="UserFaultException">The cluster has no workers, or nobody answers.</exception>
    public static async Task<IRunLauncher> OpenAsync(
        CommandContext context, ClientSettings? server, string device, int? workers, int threads,
        string runsFolder, Action<string> notice, CancellationToken cancellation)
    {
        if (server is null)
        {
            return new LocalLauncher(new LocalLauncherOptions
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
            int there = workers ?? (await control.ClusterAsync(cancellation)).Nodes.Count;
            return there > 0
                ? new ClusterLauncher(control, there, runsFolder, notice)
                : throw new UserFaultException(
                    $"the cluster at {server.Server} has no workers; start some with disttrain worker");
        }
        catch
        {
            (control as IDisposable)?.Dispose();
            throw;
        }
    }
}
