using System.Text;
using System.Text.Json;
using DistTrain.Cli.Terminal;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Cli.Settings;

/// <summary>
/// The settings file: one JSON object with a key a setting. Every fault is told with its line; an unknown
/// key is one, for a misspelt setting would be ignored in silence.
/// </summary>
internal static class SettingsFile
{
    public const string Flag = "--settings";
    public const string Variable = "DISTTRAIN_SETTINGS";

    /// <summary>Named instead of a file: none is read.</summary>
    public const string None = "none";

    public const string BesideName = "disttrain.settings.json";

    /// <summary>
    /// The file that holds: the one named by the flag, else by the variable, else the one in the folder, else
    /// the user's own. null: there is none.
    /// </summary>
    public static string? Find(string? named, IReadOnlyDictionary<string, string> variables, string folder)
    {
        if ((named ?? variables.GetValueOrDefault(Variable)) is { Length: > 0 } given)
        {
            return given == None ? null : Path.GetFullPath(given, folder);
        }

        string own = Path.Combine(XdgFolder.Of(variables, "XDG_CONFIG_HOME", ".config"), "settings.json");
        return new[] { Path.Combine(folder, BesideName), own }.FirstOrDefault(File.Exists);
    }

    /// <summary>The values in a file; what is wrong with it goes to the problems.</summary>
    /// <exception cref="Core.UserFaultException">It cannot be read at all.</exception>
    public static IReadOnlyList<SettingValue> Read(string path, ICollection<string> problems)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(TextFile.Read(path, "settings file").TrimStart('\uFEFF'));
        try
        {
            var reader = new Utf8JsonReader(utf8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                return Members(ref reader, utf8, path, problems);
            }

            problems.Add($"{path}: settings are an object, {{ … }}");
        }
        catch (JsonException fault)
        {
            problems.Add($"{path}:{fault.LineNumber + 1}: not valid JSON at column "
                + $"{fault.BytePositionInLine + 1}");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in an escape is valid JSON but no text.
            problems.Add($"{path}: a string holds an escape that is no character");
        }

        return [];
    }

    private static List<SettingValue> Members(
        ref Utf8JsonReader reader, byte[] utf8, string path, ICollection<string> problems)
    {
        List<SettingValue> values = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string key = reader.GetString()!;
            int line = 1 + utf8.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
            string place = $"{path}:{line}";
            reader.Read();
            string? text = TextOf(ref reader);
            JsonTokenType token = reader.TokenType;
            reader.Skip();
            Setting? setting = SettingTable.All.FirstOrDefault(known => known.Key == key);
            if (setting is null)
            {
                string hint = Spelling.Hint(key, SettingTable.All.Select(known => known.Key));
                problems.Add($"{place}: unknown setting \"{Units.Printable(key)}\"{hint}");
            }
            else if (values.Exists(value => value.Setting == setting))
            {
                problems.Add($"{place}: {key}: is given twice");
            }
            else if (text is null || !Suits(setting.Form, token) || !setting.Accepts(text))
            {
                problems.Add($"{place}: {key}: {setting.Refusal(text ?? "a list or an object")}"
                    + (text is null || Suits(setting.Form, token) ? ""
                        : token is JsonTokenType.String ? " in quotes" : " without quotes"));
            }
            else
            {
                values.Add(new SettingValue(setting, Rooted(setting, text, path), SettingLevel.File, place));
            }
        }

        // Reading on finds what stands after the end of the object.
        reader.Read();
        return values;
    }

    private static string? TextOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        _ => null,
    };

    private static bool Suits(JsonForm form, JsonTokenType token) => form switch
    {
        JsonForm.Text => token is JsonTokenType.String,
        JsonForm.Number => token is JsonTokenType.Number,
        JsonForm.TextOrNumber => token is JsonTokenType.String or JsonTokenType.Number,
        JsonForm.Boolean => token is JsonTokenType.True or JsonTokenType.False,
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, message: null),
    };

    private static string Rooted(Setting setting, string text, string path)
        => setting.IsPath ? Path.GetFullPath(text, Path.GetDirectoryName(path)!) : text;
}
