using System.CommandLine;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Settings;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain worker</c>.</summary>
internal static class WorkerCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        var node = new NodeOptions(command, SettingTable.WorkerNode);
        command.SetAction((parsed, _) => node.RunAsync(
            parsed, context, WorkerSettings.From,
            (settings, notice, stop) => context.Nodes.RunWorkerAsync(
                settings, notice, () => context.Output.WriteLine(ReadyLine.Joined(settings.Name)), stop)));
    }
}
