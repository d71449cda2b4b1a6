using System.CommandLine;

namespace DistTrain.Cli.Settings;

/// <summary>
/// The options of a command that stand for settings. They take any text: values are judged together with
/// those of the environment and the file, so that all faults are told at once.
/// </summary>
internal sealed class SettingOptions
{
    private readonly List<(Setting Setting, Option Option)> _options = [];
    private readonly Option<string?> _file = new(SettingsFile.Flag)
    {
        Description = $"Settings file [{SettingsFile.BesideName}, else the user's own].",
        HelpName = "FILE",
    };

    public SettingOptions(Command command, IEnumerable<Setting> settings)
    {
        foreach (Setting setting in settings)
        {
            Option option = OptionOf(setting);
            _options.Add((setting, option));
            command.Options.Add(option);
        }

        command.Options.Add(_file);
    }

    /// <summary>The settings as typed.</summary>
    public IReadOnlyDictionary<Setting, string> Typed(ParseResult parsed)
    {
        Dictionary<Setting, string> typed = [];
        foreach ((Setting setting, Option option) in _options)
        {
            string? text = option is Option<bool> flag
                ? parsed.GetResult(flag) is null ? null : parsed.GetValue(flag) ? "true" : "false"
                : parsed.GetValue((Option<string?>)option);
            if (text is not null)
            {
                typed[setting] = text;
            }
        }

        return typed;
    }

    public string? FileOf(ParseResult parsed) => parsed.GetValue(_file);

    /// <summary>All settings, with those typed as the strongest.</summary>
    /// <exception cref="Core.UserFaultException">One line for every fault of every source.</exception>
    public EffectiveSettings Read(ParseResult parsed, CommandContext context)
    {
        Dictionary<Setting, string> flags = new(context.ShellFlags);
        foreach ((Setting setting, string text) in Typed(parsed))
        {
            flags[setting] = text;
        }

        return SettingsReader.Read(
            flags, FileOf(parsed) ?? context.ShellSettingsFile, context.Variables, context.Folder);
    }

    private static Option OptionOf(Setting setting)
    {
        string usual = setting.Default is { } text && setting.Form != JsonForm.Boolean ? $" [{text}]" : "";
        string help = setting.Help.TrimEnd('.') + usual + ".";
        return setting.Form == JsonForm.Boolean
            ? new Option<bool>(setting.Flag!) { Description = help }
            : new Option<string?>(setting.Flag!) { Description = help, HelpName = setting.Placeholder };
    }
}
