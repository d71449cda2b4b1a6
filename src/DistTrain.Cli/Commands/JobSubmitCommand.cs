using System.CommandLine;
using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Commands;

/// <summary>
/// <c>disttrain job submit FILE</c>. Prints the job's id, so that a script can keep it; with <c>--watch</c>
/// it ends as <c>train</c> does.
/// </summary>
internal static class JobSubmitCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "Job file." };
        var watch = new Option<bool>("--watch") { Description = "Show the run until it is finished." };
        var quiet = new Option<bool>("--quiet") { Description = "While watching, show notices only." };
        var set = new Option<string[]>("--set")
        {
            Description = "Set any field of the job, e.g. --set optimizer.nesterov=true.",
            HelpName = "path=value",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("submit", "Put a job into the queue.") { file, watch, quiet, set };
        return ClientCommand.Talking(command, context, async (parsed, session) =>
        {
            string path = parsed.GetValue(file)!;
            string[] assignments = parsed.GetValue(set) ?? [];
            foreach (string assignment in assignments)
            {
                // What is no assignment at all is better said before the job has left this machine.
                JobOverride.Set(assignment);
            }

            string text = TextFile.Read(Path.GetFullPath(path, context.Folder), "job file");
            JobView job = await session.Control.SubmitAsync(
                new SubmitRequest(text, Path.GetFileName(path), assignments), session.Cancellation);
            if (!parsed.GetValue(watch))
            {
                session.Print(job, (view, output) => output.WriteLine(view.Id));
                context.Errors.WriteLine($"submitted; to see it: disttrain job watch {job.Id}");
                return 0;
            }

            context.Errors.WriteLine($"submitted as {job.Id}");
            return await WatchedJob.ShowAsync(session, job.Id, parsed.GetValue(quiet));
        });
    }
}
