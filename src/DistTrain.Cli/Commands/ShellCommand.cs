using System.CommandLine;
using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Cli.Settings;
using DistTrain.Cli.Shell;
using DistTrain.Cli.Terminal;
using DistTrain.Core;

namespace DistTrain.Cli.Commands;

/// <summary>
/// <c>disttrain shell</c>: its options hold for every command given at its prompt, where a command says
/// nothing else.
/// </summary>
internal static class ShellCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        var options = new SettingOptions(command, SettingTable.Client);
        command.SetAction((parsed, _) => RunAsync(options, parsed, context));
    }

    private static async Task<int> RunAsync(
        SettingOptions options, ParseResult parsed, CommandContext context)
    {
        if (context.IsShell)
        {
            throw new UserFaultException("this is the shell already");
        }

        ClientSettings settings = ClientSettings.From(options.Read(parsed, context), context.Folder);
        IClusterControl control = context.Connect(settings);
        try
        {
            CommandContext inside = context with
            {
                IsShell = true,
                ShellFlags = options.Typed(parsed),
                ShellSettingsFile = options.FileOf(parsed),
                KnownNames = new LiveNames(control, context.Time).Of,
            };
            var shell = new ShellSession(inside);
            if (context.OpenScript() is { } script)
            {
                return await shell.FollowAsync(script);
            }

            context.Errors.WriteLine($"{settings.Server}  help, exit; Tab completes");
            string folder = XdgFolder.Of(context.Variables, "XDG_STATE_HOME", ".local/state");
            var history = new History(Path.Combine(folder, "history"), settings.Token);
            var editor = new LineEditor(
                ReadKey, new ErrorTerminal(),
                (line, cursor) => ShellGrammar.Complete(line, cursor, inside));
            return await shell.TalkAsync(editor, history);
        }
        finally
        {
            (control as IDisposable)?.Dispose();
        }
    }

    /// <summary>Ctrl-C is a key while a line is typed, and a signal while a command runs.</summary>
    private static ConsoleKeyInfo ReadKey()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
