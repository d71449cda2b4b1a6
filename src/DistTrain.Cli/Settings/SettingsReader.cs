using DistTrain.Core;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Cli.Settings;

/// <summary>
/// Works out every setting's value: flag, else environment, else settings file, else default. All sources
/// are checked to their end, whether something stronger hides them or not, and all faults are told at once.
/// </summary>
internal static class SettingsReader
{
    /// <summary>
    /// Variables with our prefix that are no settings: where the native library is, and what steers tests.
    /// </summary>
    private static readonly string[] Others =
        [SettingsFile.Variable, "DISTTRAIN_NATIVE", "DISTTRAIN_ACCEPT", "DISTTRAIN_LONG_TESTS"];

    /// <param name="flags">Settings given on the command line, as typed.</param>
    /// <param name="settingsFile">The value of <c>--settings</c>; null: not given.</param>
    /// <param name="variables">The environment; an empty variable counts as not set.</param>
    /// <param name="folder">The working folder.</param>
    /// <exception cref="UserFaultException">One line for every fault.</exception>
    public static EffectiveSettings Read(
        IReadOnlyDictionary<Setting, string> flags, string? settingsFile,
        IReadOnlyDictionary<string, string> variables, string folder)
    {
        List<string> problems = [];
        IEnumerable<SettingValue> fromFlags = flags.Select(flag =>
            new SettingValue(flag.Key, flag.Value, SettingLevel.Flag, flag.Key.Flag!));
        List<SettingValue> given = [.. Checked(fromFlags, problems)];
        given.AddRange(Checked(FromVariables(variables, problems), problems));
        if (SettingsFile.Find(settingsFile, variables, folder) is { } path)
        {
            given.AddRange(SettingsFile.Read(path, problems));
        }

        return problems.Count == 0
            ? new EffectiveSettings([.. SettingTable.All.Select(setting => Strongest(setting, given))])
            : throw new UserFaultException(problems);
    }

    private static IEnumerable<SettingValue> FromVariables(
        IReadOnlyDictionary<string, string> variables, List<string> problems)
    {
        foreach ((string name, string text) in variables.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (text.Length == 0 || !name.StartsWith(Setting.VariablePrefix, StringComparison.Ordinal)
                || Others.Contains(name, StringComparer.Ordinal))
            {
                continue;
            }

            if (SettingTable.All.FirstOrDefault(known => known.Variable == name) is { } setting)
            {
                yield return new SettingValue(setting, text, SettingLevel.Variable, name);
                continue;
            }

            IEnumerable<string> known = SettingTable.All.Select(setting => setting.Variable).Concat(Others);
            problems.Add($"{name}: the environment has a variable of ours that means nothing"
                + Spelling.Hint(name, known));
        }
    }

    private static List<SettingValue> Checked(IEnumerable<SettingValue> values, List<string> problems)
    {
        List<SettingValue> sound = [];
        foreach (SettingValue value in values)
        {
            if (value.Setting.Accepts(value.Text!))
            {
                sound.Add(value);
            }
            else
            {
                problems.Add($"{value.Source}: {value.Setting.Refusal(value.Text!)}");
            }
        }

        return sound;
    }

    private static SettingValue Strongest(Setting setting, List<SettingValue> given)
        => given.Where(value => value.Setting == setting).MaxBy(value => value.Level)
            ?? new SettingValue(
                setting, setting.Default,
                setting.Default is null ? SettingLevel.Unset : SettingLevel.Default,
                setting.Default is null ? "not set" : "default");
}
