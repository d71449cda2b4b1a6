using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Settings;

/// <summary>Shows what holds and why: <c>disttrain settings</c>, and every node at its start.</summary>
internal static class SettingsView
{
    public static void Print(IEnumerable<SettingValue> values, TextWriter output, TextLook look)
    {
        var table = new TextTable(new("setting"), new("value"), new("from"));
        foreach (SettingValue value in values)
        {
            bool own = value.Level > SettingLevel.Default;
            table.Add(
                value.Setting.Name, new(value.Shown, own ? Ink.Strong : Ink.Normal),
                new(value.Source, own ? Ink.Normal : Ink.Faint));
        }

        table.Write(output, look);
    }

    /// <summary>One object on one line: a member a setting, with its value and its source.</summary>
    public static string ToJson(IEnumerable<SettingValue> values)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            json.WriteStartObject();
            foreach (SettingValue value in values)
            {
                json.WriteStartObject(value.Setting.Key);
                json.WriteString("value", value.Text is null ? null : value.Shown);
                json.WriteString("from", value.Source);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
