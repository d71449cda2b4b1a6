using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DistTrain.Cli.Nodes;

/// <summary>
/// The one line of JSON that a node writes to stdout when it is ready, for whoever has started it:
/// <code>
///   {"event":"listening","listen":"127.0.0.1:40213","http":"http://127.0.0.1:7701/"}
///   {"event":"joined","name":"worker-1"}
///   {"event":"up","http":"http://127.0.0.1:7701/","tokenFile":"/…/token","workers":2}
/// </code>
/// </summary>
internal static class ReadyLine
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Listening(CoordinatorAddresses addresses) => new JsonObject
    {
        ["event"] = "listening",
        ["listen"] = addresses.Listen,
        ["http"] = addresses.Http.ToString(),
    }.ToJsonString(Options);

    public static string Joined(string name)
        => new JsonObject { ["event"] = "joined", ["name"] = name }.ToJsonString(Options);

    public static string Up(Uri http, string tokenFile, int workers) => new JsonObject
    {
        ["event"] = "up",
        ["http"] = http.ToString(),
        ["tokenFile"] = tokenFile,
        ["workers"] = workers,
    }.ToJsonString(Options);

    /// <summary>Whether a line of a node's stdout is the one that it is ready with.</summary>
    public static bool IsOne(string line) => Member(line, "event") is not null;

    /// <summary>null: the line is none of "listening".</summary>
    public static CoordinatorAddresses? ReadListening(string line)
        => Member(line, "listen") is { } listen
            && Uri.TryCreate(Member(line, "http"), UriKind.Absolute, out Uri? http)
                ? new CoordinatorAddresses(listen, http)
                : null;

    private static string? Member(string line, string name)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty(name, out JsonElement value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
