using System.Text.Json.Serialization;

namespace DistTrain.Api.Json;

/// <summary>
/// What travels, generated at compile time: no type is inspected while a program starts. How it is written is
/// decided in <see cref="ApiJson"/>, which is why metadata alone is generated here.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(StepCurve))]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(SubmitBody))]
[JsonSerializable(typeof(ScaleBody))]
[JsonSerializable(typeof(CommandReply))]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(string))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
