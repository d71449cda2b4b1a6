using System.CommandLine;
using DistTrain.Api;
using DistTrain.Cli.Client;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain job list | status ID | watch ID | logs ID</c>: they change nothing.</summary>
internal static class JobViewCommands
{
    public static Command List(CommandContext context)
        => ClientCommand.Talking(
            new Command("list", "All jobs, finished ones included."), context, async (_, session) =>
            {
                IReadOnlyList<JobView> jobs = await session.Control.JobsAsync(session.Cancellation);
                session.Print(
                    new JobList(jobs), (list, output) => JobText.Table(list.Jobs, output, context));
                return 0;
            });

    public static Command Status(CommandContext context)
    {
        Argument<string> id = ClientCommand.JobArgument(context);
        return ClientCommand.Talking(
            new Command("status", "All there is to say of a job.") { id }, context, async (parsed, session) =>
            {
                JobView job = await session.JobAsync(parsed.GetValue(id)!);
                session.Print(job, (view, output) => JobText.Describe(view, output, context.Time));
                return 0;
            });
    }

    public static Command Watch(CommandContext context)
    {
        Argument<string> id = ClientCommand.JobArgument(context);
        var quiet = new Option<bool>("--quiet") { Description = "Show notices only." };
        return ClientCommand.Talking(
            new Command("watch", "Show a job's run until it is finished; Ctrl-C only stops the watching.")
            {
                id, quiet,
            },
            context,
            async (parsed, session) =>
            {
                JobView job = await session.JobAsync(parsed.GetValue(id)!);
                return await WatchedJob.ShowAsync(session, job.Id, parsed.GetValue(quiet));
            });
    }

    public static Command Logs(CommandContext context)
    {
        Argument<string> id = ClientCommand.JobArgument(context);
        var follow = new Option<bool>("--follow") { Description = "Go on until the job is finished." };
        return ClientCommand.Talking(
            new Command("logs", "A job's notices and changes of state; with --json a line of JSON each.")
            {
                id, follow,
            },
            context,
            async (parsed, session) =>
            {
                JobView job = await session.JobAsync(parsed.GetValue(id)!);
                await JobLog.PrintAsync(session, job, parsed.GetValue(follow));
                return 0;
            });
    }
}
