namespace DistTrain.Containers.Tests.Harness;

/// <summary>
/// A small net on the real digits: eight shards, dropout on (so that a shard computed twice or by another
/// would show), and as many steps as containers need to come and go meanwhile.
/// </summary>
internal sealed record MnistJob(int Epochs)
{
    /// <summary>Long enough for one fault.</summary>
    public static MnistJob Short { get; } = new(6);

    /// <summary>Long enough for every container to be replaced.</summary>
    public static MnistJob Long { get; } = new(14);

    public string ToJson() => $$"""
        {
          "name": "digits",
          "model": { "preset": "mlp", "hidden": [256], "dropout": 0.1 },
          "dataset": { "name": "mnist", "validation": 5000 },
          "batch": { "global": 256, "shards": 8 },
          "epochs": {{Epochs}},
          "threads": 1,
          "learningRate": { "base": 0.02 },
          "checkpoint": { "everySteps": 50 },
          "workers": { "min": 1 }
        }
        """;
}
