using System.CommandLine;
using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Core.Cluster;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain cluster status | drain NODE</c>.</summary>
internal static class ClusterCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        command.Add(Status(context));
        command.Add(Drain(context));
    }

    private static Command Status(CommandContext context) => ClientCommand.Talking(
        new Command("status", "The workers, the queue and the last lines of the log."), context,
        async (_, session) =>
        {
            ClusterView cluster = await session.Control.ClusterAsync(session.Cancellation);
            session.Print(cluster, (view, output) => ClusterText.Describe(view, output, context));
            return 0;
        });

    private static Command Drain(CommandContext context)
    {
        Argument<string> node = ClientCommand.NodeArgument(context);
        return ClientCommand.Talking(
            new Command("drain", "Let a worker finish its step and go; nothing is computed again.") { node },
            context,
            async (parsed, session) =>
            {
                string name = parsed.GetValue(node)!;
                CommandResult result = await session.Control.DrainAsync(name, session.Cancellation);
                if (result.Status == CommandStatus.NotFound)
                {
                    ClusterView cluster = await session.Control.ClusterAsync(session.Cancellation);
                    throw ClientSession.Unknown(
                        "worker", name, cluster.Nodes.Select(known => known.Name),
                        "disttrain cluster status");
                }

                session.Print(result);
                return 0;
            });
    }
}
