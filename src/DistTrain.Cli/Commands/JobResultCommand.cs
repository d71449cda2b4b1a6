using System.CommandLine;
using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Core;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain job result ID [--weights FILE]</c>.</summary>
internal static class JobResultCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> id = ClientCommand.JobArgument(context);
        var weights = new Option<string?>("--weights")
        {
            Description = "Also save the trained weights (safetensors) to this file.",
            HelpName = "FILE",
        };
        return ClientCommand.Talking(
            new Command("result", "The result of a finished job.") { id, weights }, context,
            async (parsed, session) =>
            {
                JobView job = await session.JobAsync(parsed.GetValue(id)!);
                string result = await session.Control.ResultAsync(job.Id, session.Cancellation)
                    ?? throw new UserFaultException(
                        $"{job.Id} has no result yet, it is {JobText.State(job.State)}; "
                        + $"to wait for it: disttrain job watch {job.Id}");
                if (parsed.GetValue(weights) is { } path)
                {
                    await WeightsDownload.SaveAsync(session, job.Id, path);
                }

                return ResultText.Print(result, session);
            });
    }
}
