using System.CommandLine;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain job …</c>.</summary>
internal static class JobCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        command.Add(JobSubmitCommand.Create(context));
        command.Add(JobViewCommands.List(context));
        command.Add(JobViewCommands.Status(context));
        command.Add(JobViewCommands.Watch(context));
        command.Add(JobSteeringCommands.Pause(context));
        command.Add(JobSteeringCommands.Resume(context));
        command.Add(JobSteeringCommands.Stop(context));
        command.Add(JobSteeringCommands.Scale(context));
        command.Add(JobViewCommands.Logs(context));
        command.Add(JobResultCommand.Create(context));
    }
}
