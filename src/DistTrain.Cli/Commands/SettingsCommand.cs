using System.CommandLine;
using DistTrain.Cli.Settings;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain settings</c>.</summary>
internal static class SettingsCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Print one line of JSON." };
        command.Options.Add(json);
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
    }
}
