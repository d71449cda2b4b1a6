using System.CommandLine;
using DistTrain.Compare.Processes;

namespace DistTrain.Compare.Exchange;

/// <summary>The parts of an exchange that this program plays in processes of its own.</summary>
internal static class ExchangeRoles
{
    public const string LinkHubRole = "link-hub", LinkLeafRole = "link-leaf";
    public const string SocketHubRole = "socket-hub", SocketLeafRole = "socket-leaf";

    public static IEnumerable<Command> Commands() =>
    [
        Role(LinkHubRole, given => LinkHub.RunAsync(given[0], given[1])),
        Role(LinkLeafRole, given => LinkLeaf.RunAsync(given[0], given[1], given[2])),
        Role(SocketHubRole, given =>
        {
            SocketCopy.RunHub(given[0], given[1]);
            return Task.CompletedTask;
        }),
        Role(SocketLeafRole, given =>
        {
            SocketCopy.RunLeaf(given[1], given[2]);
            return Task.CompletedTask;
        }),
    ];

    private static Command Role(string name, Func<int[], Task> play)
    {
        var numbers = new Argument<int[]>("numbers") { Arity = ArgumentArity.OneOrMore };
        var command = new Command(name, "A part of an exchange.") { Arguments = { numbers }, Hidden = true };
        command.SetAction(async (parsed, _) =>
        {
            Orphans.EndWithStdin();
            await play(parsed.GetValue(numbers)!);
            return 0;
        });
        return command;
    }
}
