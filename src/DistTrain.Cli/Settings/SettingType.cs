namespace DistTrain.Cli.Settings;

/// <summary>How a setting is written in a settings file.</summary>
internal enum JsonForm { Text, Number, TextOrNumber, Boolean }

/// <summary>Reads a text as a value; false: it is none.</summary>
internal delegate bool SettingParser<T>(string text, out T value);

/// <summary>What values a setting takes, whichever way they come in.</summary>
/// <param name="Placeholder">Stands for the value in help, e.g. "ADDR:PORT".</param>
/// <param name="Meaning">Completes "must be …", and is the column of the reference page.</param>
/// <param name="Parse">The one reading for flags, variables and files.</param>
internal sealed record SettingType<T>(string Placeholder, string Meaning, SettingParser<T> Parse)
{
    public JsonForm Form { get; init; } = JsonForm.Text;

    /// <summary>A path in a settings file is meant from where that file lies.</summary>
    public bool IsPath { get; init; }
}
