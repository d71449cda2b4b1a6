using System.CommandLine;
using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Core;
using DistTrain.Core.Cluster;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain job pause ID | resume ID | stop ID | scale ID --workers N</c>.</summary>
internal static class JobSteeringCommands
{
    public static Command Pause(CommandContext context) => Steering(
        "pause", "Save a job and let its workers go until it is resumed.", context,
        (control, id, cancellation) => control.PauseAsync(id, cancellation));

    public static Command Resume(CommandContext context) => Steering(
        "resume", "Put a paused job back into the queue.", context,
        (control, id, cancellation) => control.ResumeAsync(id, cancellation));

    public static Command Stop(CommandContext context) => Steering(
        "stop", "End a job for good; what it has trained is kept.", context,
        (control, id, cancellation) => control.StopAsync(id, cancellation));

    public static Command Scale(CommandContext context)
    {
        Argument<string> id = ClientCommand.JobArgument(context);
        var workers = new Option<int>("--workers")
        {
            Description = "The most workers it is given, from 1.",
            HelpName = "N",
            Required = true,
        };
        return ClientCommand.Talking(
            new Command("scale", "Change the most workers a job is given.") { id, workers }, context,
            async (parsed, session) =>
            {
                int most = parsed.GetValue(workers);
                if (most < 1)
                {
                    throw new UserFaultException($"--workers: must be a whole number from 1, not {most}");
                }

                JobView job = await session.JobAsync(parsed.GetValue(id)!);
                session.Print(await session.Control.ScaleAsync(job.Id, most, session.Cancellation));
                return 0;
            });
    }

    private static Command Steering(
        string name, string help, CommandContext context,
        Func<IClusterControl, string, CancellationToken, Task<CommandResult>> steer)
    {
        Argument<string> id = ClientCommand.JobArgument(context);
        return ClientCommand.Talking(new Command(name, help) { id }, context, async (parsed, session) =>
        {
            JobView job = await session.JobAsync(parsed.GetValue(id)!);
            session.Print(await steer(session.Control, job.Id, session.Cancellation));
            return 0;
        });
    }
}
