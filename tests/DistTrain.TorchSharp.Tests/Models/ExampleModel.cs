namespace DistTrain.TorchSharp.Tests.Models;

/// <summary>The model of examples/torchsharp-model, as it was built beside these tests.</summary>
internal static class ExampleModel
{
    public const string Type = "MyModel.Net";

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "example", "MyModel.dll");

    /// <summary>A job's "model".</summary>
    public static string Json => $$"""{ "assembly": "{{Path}}", "type": "{{Type}}" }""";
}
