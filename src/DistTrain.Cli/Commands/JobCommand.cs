using System.CommandLine;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain job …</c>.</summary>
internal static class JobCommand
{
    public static Command Create(CommandContext context) => new("job", "Submit, watch and steer a cluster's jobs.")
    {
        JobSubmitCommand.Create(context),
        JobViewCommands.List(context),
        JobViewCommands.Status(context),
        JobViewCommands.Watch(context),
        JobSteeringCommands.Pause(context),
        JobSteeringCommands.Resume(context),
        JobSteeringCommands.Stop(context),
        JobSteeringCommands.Scale(context),
        JobViewCommands.Logs(context),
        JobResultCommand.Create(context),
    };
}
