using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DistTrain.Api.Json;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Study.Records;

/// <summary>A study's records in the API's dialect of JSON, generated at compile time.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StudyRun))]
[JsonSerializable(typeof(StudyFrame))]
internal sealed partial class StudyJsonContext : JsonSerializerContext;

/// <summary>How a study's records are written and read.</summary>
public static class StudyJson
{
    private static readonly JsonSerializerOptions Options = CreateOptions();

    public static JsonTypeInfo<StudyRun> Run { get; } = TypeOf<StudyRun>();

    public static JsonTypeInfo<StudyFrame> Frame { get; } = TypeOf<StudyFrame>();

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions();
        ApiJson.Configure(options);
        options.Converters.Add(Words<RunStatus>());
        options.Converters.Add(Words<StoppingMetric>());
        options.TypeInfoResolverChain.Add(StudyJsonContext.Default);
        options.MakeReadOnly();
        return options;
    }

    private static JsonStringEnumConverter<T> Words<T>() where T : struct, Enum
        => new(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
}
