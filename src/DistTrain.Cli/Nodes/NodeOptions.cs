using System.CommandLine;
using DistTrain.Cli.Settings;
using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Nodes;

/// <summary>
/// What the node commands have in common: options for settings, the printing of what holds, and the end.
/// A node that was asked to leave and did ends with exit code 0.
/// </summary>
internal sealed class NodeOptions
{
    public const string UntilStdinEnds = "--until-stdin-ends";

    private readonly IReadOnlyList<Setting> _settings;
    private readonly SettingOptions _options;
    private readonly Option<bool> _untilStdinEnds = new(UntilStdinEnds)
    {
        Description = "Leave when stdin ends, as it does when the process that started this one dies.",
    };

    public NodeOptions(Command command, IReadOnlyList<Setting> settings)
    {
        _settings = settings;
        _options = new SettingOptions(command, settings);
        command.Options.Add(_untilStdinEnds);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="context">The world.</param>
    /// <param name="check">Makes what the node is told from the settings, given the working folder.</param>
    /// <param name="node">Runs it until it is asked to stop; takes a receiver of lines for people.</param>
    public async Task<int> RunAsync<T>(
        ParseResult parsed, CommandContext context, Func<EffectiveSettings, string, T> check,
        Func<T, Action<string>, CancellationToken, Task> node)
    {
        EffectiveSettings settings = _options.Read(parsed, context);
        T told = check(settings, context.Folder);
        TextWriter notices = TextWriter.Synchronized(context.Errors);
        SettingsView.Print(
            settings.Values.Where(value => _settings.Contains(value.Setting) || value.Setting.IsSecret),
            notices, TextLook.Plain);
        using var lifetime = new NodeLifetime(notices.WriteLine, parsed.GetValue(_untilStdinEnds));
        try
        {
            await node(told, notices.WriteLine, lifetime.Stop);
        }
        catch (OperationCanceledException) when (lifetime.Stop.IsCancellationRequested)
        {
            // It was asked to leave and did.
        }

        return 0;
    }
}
