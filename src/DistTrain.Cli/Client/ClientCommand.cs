using System.CommandLine;
using DistTrain.Api;
using DistTrain.Cli.Settings;
using DistTrain.Cli.Training;

namespace DistTrain.Cli.Client;

/// <summary>
/// Gives a command what all that talk to a coordinator have: where it is, how to get in, <c>--json</c>, and
/// Ctrl-C, which ends the talk and leaves the cluster alone.
/// </summary>
internal static class ClientCommand
{
    /// <param name="command">With its own arguments and options.</param>
    /// <param name="context">The world.</param>
    /// <param name="action">Does it; gives the exit code.</param>
    public static Command Talking(
        Command command, CommandContext context, Func<ParseResult, ClientSession, Task<int>> action)
    {
        var json = new Option<bool>("--json") { Description = "End stdout with one line of JSON." };
        command.Options.Add(json);
        var options = new SettingOptions(command, SettingTable.Client);
        command.SetAction(async (parsed, _) =>
        {
            ClientSettings settings = ClientSettings.From(options.Read(parsed, context), context.Folder);
            using var interrupts = new Interrupts(_ => { });
            IClusterControl control = context.Connect(settings with
            {
                Notice = text => context.Errors.WriteLine(text),
            });
            try
            {
                return await action(
                    parsed, new ClientSession(context, control, parsed.GetValue(json), interrupts.Token));
            }
            catch (OperationCanceledException) when (interrupts.ExitCode != 0)
            {
                return interrupts.ExitCode;
            }
            finally
            {
                (control as IDisposable)?.Dispose();
            }
        });
        return command;
    }

    /// <summary>The argument that names a job.</summary>
    public static Argument<string> JobArgument(CommandContext context)
        => Named("ID", "A job's id, or an unambiguous beginning of it.", NameKind.Job, context);

    /// <summary>The argument that names a node.</summary>
    public static Argument<string> NodeArgument(CommandContext context)
        => Named("NODE", "A worker's name.", NameKind.Node, context);

    private static Argument<string> Named(string name, string help, NameKind kind, CommandContext context)
    {
        var argument = new Argument<string>(name) { Description = help };
        argument.CompletionSources.Add(_ => context.KnownNames(kind)
            .Select(known => new System.CommandLine.Completions.CompletionItem(known)));
        return argument;
    }
}
