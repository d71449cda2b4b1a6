using System.Text.Json;

namespace DistTrain.Compare.SingleMachine;

/// <summary>What one process measured: the object that it and the peer print as a line of JSON.</summary>
/// <param name="MsPerStep">Median over the steps after the warm-up.</param>
/// <param name="SamplesPerSecond">Batch over that median.</param>
/// <param name="PeakRssMegabytes">Peak resident memory of all worker processes together.</param>
internal sealed record Measurement(double MsPerStep, double SamplesPerSecond, double PeakRssMegabytes)
{
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public static Measurement? Parse(string line)
        => line.StartsWith('{')
            ? JsonSerializer.Deserialize<Measurement>(line, JsonSerializerOptions.Web)
            : null;
}

/// <summary>One model at one global batch, one shard per worker.</summary>
/// <param name="Model">mlp, cnn or wide.</param>
/// <param name="Batch">Global batch.</param>
/// <param name="Workers">Workers, and shards.</param>
/// <param name="Steps">Steps timed.</param>
/// <param name="ToReach">Samples per second over the peer's that this project holds itself to.</param>
internal sealed record Case(string Model, int Batch, int Workers, int Steps, double ToReach)
{
    /// <summary>For --only, e.g. "single:mlp:256:2".</summary>
    public string Name => $"single:{Model}:{Batch}:{Workers}";

    public static IReadOnlyList<Case> All { get; } =
    [
        .. OneAndTwo("mlp", 64, 400, 3.5),
        .. OneAndTwo("mlp", 256, 200, 2.0),
        .. OneAndTwo("mlp", 1024, 60, 1.3),
        .. OneAndTwo("mlp", 8192, 12, 1.03),
        .. OneAndTwo("cnn", 64, 30, 1.2),
        .. OneAndTwo("cnn", 512, 8, 1.0),
        .. OneAndTwo("wide", 64, 30, 1.6),
        .. OneAndTwo("wide", 512, 10, 1.2),
    ];

    /// <summary>The run whose memory is compared on real data.</summary>
    public static Case Mnist { get; } = new("mlp", 256, 2, 0, 0);

    /// <summary>One worker against plain PyTorch, two against DDP.</summary>
    private static Case[] OneAndTwo(string model, int batch, int steps, double two)
        => [new(model, batch, 1, steps, 1.0), new(model, batch, 2, steps, two)];
}
