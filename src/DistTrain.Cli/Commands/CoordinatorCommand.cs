using System.CommandLine;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Settings;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain coordinator</c>.</summary>
internal static class CoordinatorCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        var node = new NodeOptions(command, SettingTable.CoordinatorNode);
        command.SetAction((parsed, _) => node.RunAsync(
            parsed, context, CoordinatorSettings.From,
            (settings, notice, stop) => context.Nodes.RunCoordinatorAsync(
                settings, notice, addresses => context.Output.WriteLine(ReadyLine.Listening(addresses)),
                stop)));
    }
}
