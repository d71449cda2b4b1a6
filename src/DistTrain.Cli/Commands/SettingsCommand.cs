using System.CommandLine;
using DistTrain.Cli.Settings;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain settings</c>.</summary>
internal static class SettingsCommand
{
    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Print one line of JSON." };
        var command = new Command("settings", "Print every setting and where its value came from.") { json };
        var options = new SettingOptions(command, []);
        command.SetAction(parsed =>
        {
            EffectiveSettings settings = options.Read(parsed, context);
            if (parsed.GetValue(json))
            {
                context.Output.WriteLine(SettingsView.ToJson(settings.Values));
            }
            else
            {
                SettingsView.Print(settings.Values, context.Output, context.Look);
            }
        });
        return command;
    }
}
