using System.CommandLine;
using System.Security.Cryptography;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Settings;
using DistTrain.Core;
using DistTrain.Core.Engine;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain up</c>.</summary>
internal static class UpCommand
{
    private const int MostWorkers = 64;
    private const int TokenBytes = 32;

    public static void Fill(Command command, CommandContext context)
    {
        var workers = new Option<int>("--workers")
        {
            Description = $"Worker processes, from 1 to {MostWorkers}.",
            HelpName = "N",
            Required = true,
        };
        command.Options.Add(workers);
        var node = new NodeOptions(command, SettingTable.Up);
        command.SetAction((parsed, _) => node.RunAsync(
            parsed, context,
            (settings, folder) => Check(parsed.GetValue(workers), settings, folder, context),
            (local, notice, stop) => RunAsync(local, notice, context, stop)));
    }

    /// <param name="Options">What is started.</param>
    /// <param name="TokenPath">Where clients find the token while the cluster is up.</param>
    /// <param name="Token">Drawn anew every time.</param>
    private sealed record Local(LocalClusterOptions Options, string TokenPath, string Token);

    private static Local Check(int workers, EffectiveSettings settings, string folder, CommandContext context)
    {
        if (workers is < 1 or > MostWorkers)
        {
            throw new UserFaultException($"--workers: must be a whole number from 1 to {MostWorkers}");
        }

        // The children check the same again; here it is said once, and before anything is started.
        var checks = new SettingChecks(settings, folder);
        string state = checks.FolderToBe(SettingTable.State);
        checks.Folder(SettingTable.Data);
        checks.Timing();
        checks.ThrowIfAny();
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        return new Local(
            new LocalClusterOptions
            {
                Program = ProgramFile.Own(),
                Workers = workers,
                CoordinatorArguments =
                    Arguments(settings, [.. SettingTable.Up.Intersect(SettingTable.CoordinatorNode)]),
                WorkerArguments =
                    Arguments(settings, [.. SettingTable.Up.Intersect(SettingTable.WorkerNode)
                        .Where(setting => setting != SettingTable.Device)]),
                Devices = DeviceList.Parse(settings.Get(SettingTable.Device)),
                Variables = VariablesOfChildren(context.Variables, token),
            },
            Path.Combine(state, "token"), token);
    }

    private static async Task RunAsync(
        Local local, Action<string> notice, CommandContext context, CancellationToken stop)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(local.TokenPath)!);
            TokenFile.Write(local.TokenPath, local.Token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFaultException($"{local.TokenPath} cannot be written: {e.Message}", e);
        }

        try
        {
            await new LocalCluster(local.Options, notice, context.Time).RunAsync(
                addresses =>
                {
                    notice($"{local.Options.Workers} workers are there; in another terminal:");
                    notice($"  export DISTTRAIN_SERVER={addresses.Http} "
                        + $"DISTTRAIN_TOKEN_FILE={local.TokenPath}");
                    notice("  disttrain job submit JOB.json --watch");
                    context.Output.WriteLine(
                        ReadyLine.Up(addresses.Http, local.TokenPath, local.Options.Workers));
                },
                stop);
        }
        finally
        {
            File.Delete(local.TokenPath);
        }
    }

    /// <summary>All that was worked out here, so that no other source has a say in the children.</summary>
    private static List<string> Arguments(EffectiveSettings settings, IReadOnlyList<Setting> handed)
    {
        List<string> arguments = [SettingsFile.Flag, SettingsFile.None];
        foreach (SettingValue value in settings.Values)
        {
            if (handed.Contains(value.Setting) && value.Text is { } text)
            {
                arguments.AddRange([value.Setting.Flag!, text]);
            }
        }

        return arguments;
    }

    private static Dictionary<string, string> VariablesOfChildren(
        IReadOnlyDictionary<string, string> own, string token)
    {
        Dictionary<string, string> variables = new(own, StringComparer.Ordinal);
        foreach (Setting setting in SettingTable.All)
        {
            variables.Remove(setting.Variable);
        }

        variables[SettingTable.Token.Variable] = token;
        return variables;
    }
}
