using System.CommandLine;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Settings;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain coordinator</c>.</summary>
internal static class CoordinatorCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command(
            "coordinator", "Run a cluster's coordinator: its queue of jobs, its workers, its API.");
        var node = new NodeOptions(command, SettingTable.CoordinatorNode);
        command.SetAction((parsed, _) => node.RunAsync(
            parsed, context, CoordinatorSettings.From,
            (settings, notice, stop) => context.Nodes.RunCoordinatorAsync(
                settings, notice, addresses => context.Output.WriteLine(ReadyLine.Listening(addresses)),
                stop)));
        return command;
    }
}
