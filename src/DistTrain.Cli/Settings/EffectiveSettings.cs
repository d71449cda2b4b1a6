namespace DistTrain.Cli.Settings;

/// <summary>Where a value came from, weakest first.</summary>
internal enum SettingLevel { Unset, Default, File, Variable, Flag }

/// <param name="Setting">Whose value.</param>
/// <param name="Text">As written; null: not set.</param>
/// <param name="Level">How strong its source is.</param>
/// <param name="Source">The source in a reader's words: "--server", "settings.json:3".</param>
internal sealed record SettingValue(Setting Setting, string? Text, SettingLevel Level, string Source)
{
    /// <summary>For people: a secret is not shown.</summary>
    public string Shown => Text is null ? "-" : Setting.IsSecret ? "(hidden)" : Text;
}

/// <summary>Every setting with the value that holds, all of them readable.</summary>
internal sealed class EffectiveSettings(IReadOnlyList<SettingValue> values)
{
    public IReadOnlyList<SettingValue> Values { get; } = values;

    public SettingValue this[Setting setting] => Values.First(value => value.Setting == setting);

    public bool IsSet(Setting setting) => this[setting].Text is not null;

    /// <summary>The value of a setting that is set or has a default.</summary>
    public T Get<T>(Setting<T> setting)
        => this[setting].Text is { } text && setting.Type.Parse(text, out T value)
            ? value
            : throw new InvalidOperationException($"{setting.Name} is not set");

    /// <summary>null: not set.</summary>
    public string? Find(Setting<string> setting) => IsSet(setting) ? Get(setting) : null;
}
