using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DistTrain.Core.Cluster;

namespace DistTrain.Api.Json;

/// <summary>
/// The one JSON dialect of the API, of both its ends and of the event files: names in camelCase, enums as
/// kebab-case words ("stopped-early"), durations as a number of seconds, what is null left out, and numbers
/// that are not finite as null, for JSON has no word for them. Members a reader does not know are passed
/// over, so that either end may be the newer one.
/// </summary>
public static class ApiJson
{
    /// <summary>The dialect as options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Gives a host's own options the dialect.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new FiniteNumberConverter());
        options.Converters.Add(new SecondsConverter());
        options.Converters.Add(new WordConverter<JobState>());
        options.Converters.Add(new WordConverter<NodeState>());
        options.Converters.Add(new WordConverter<CommandStatus>());
        options.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default);
    }

    /// <summary>UTF-8, on one line.</summary>
    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, TypeOf<T>());

    /// <exception cref="JsonException">It is not JSON, or not of that type; the message has its
    /// place.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8)
        => JsonSerializer.Deserialize(utf8, TypeOf<T>()) ?? throw new JsonException("null is not a value");

    /// <inheritdoc cref="Read{T}(ReadOnlySpan{byte})"/>
    public static async Task<T> ReadAsync<T>(Stream utf8, CancellationToken cancellation)
        => await JsonSerializer.DeserializeAsync(utf8, TypeOf<T>(), cancellation)
            ?? throw new JsonException("null is not a value");

    /// <summary>The word of an enum's value on the wire: "stopped-early".</summary>
    public static string Word<T>(T value) where T : struct, Enum
        => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        options.MakeReadOnly();
        return options;
    }
}
