using System.Text;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>
/// A small job on a table of points: eight shards, dropout on (so that a shard computed twice or by another
/// would show), and as many steps as a fault needs room.
/// </summary>
internal sealed record TestJob
{
    private const int Points = 660;
    private const int Validation = 20;
    private const int Batch = 32;

    /// <summary>Steps of one epoch; an evaluation follows each.</summary>
    public const int StepsPerEpoch = (Points - Validation) / Batch;

    public string Name { get; init; } = "points";

    public int Epochs { get; init; } = 50;

    public int Hidden { get; init; } = 64;

    public int MinWorkers { get; init; } = 1;

    public int CheckpointEvery { get; init; } = 50;

    /// <summary>Gradients of a megabyte for each subtree, so that they are a while on the way.</summary>
    public static TestJob Wide { get; } = new() { Name = "wide", Hidden = 500, Epochs = 10 };

    /// <summary>
    /// A job whose steps take many milliseconds, so that a worker with part of its processor is slow in each.
    /// </summary>
    public static TestJob Heavy { get; } = new() { Name = "heavy", Hidden = 1200, Epochs = 8 };

    /// <summary>A job that is long enough for a process to start meanwhile.</summary>
    public static TestJob Long { get; } = new() { Name = "long", Epochs = 200 };

    public int Steps => Epochs * StepsPerEpoch;

    /// <summary>What the result depends on.</summary>
    public string Key => $"{Epochs} {Hidden}";

    /// <param name="folder">Where its table lies.</param>
    public string ToJson(string folder) => $$"""
        {
          "name": "{{Name}}",
          "model": { "preset": "mlp", "hidden": [{{Hidden}}, {{Hidden}}], "dropout": 0.1 },
          "dataset": {
            "name": "csv", "path": "{{Path.Combine(folder, "points.csv")}}", "label": "label",
            "validation": {{Validation}}
          },
          "batch": { "global": {{Batch}}, "shards": 8 },
          "epochs": {{Epochs}},
          "threads": 1,
          "learningRate": { "base": 0.01 },
          "checkpoint": { "everySteps": {{CheckpointEvery}} },
          "workers": { "min": {{MinWorkers}} }
        }
        """;

    /// <summary>Writes the table of points: four classes, each with columns of its own raised.</summary>
    public static void WritePoints(string folder)
    {
        const int Columns = 12, Classes = 4;
        var random = new Random(7);
        var text = new StringBuilder();
        text.AppendJoin(',', Enumerable.Range(0, Columns).Select(column => $"x{column}")).Append(",label\n");
        for (int point = 0; point < Points; point++)
        {
            int label = point % Classes;
            for (int column = 0; column < Columns; column++)
            {
                double value = random.NextDouble() + (column % Classes == label ? 0.5 : 0);
                text.Append(FormattableString.Invariant($"{value:0.0000},"));
            }

            text.Append('c').Append(label).Append('\n');
        }

        File.WriteAllText(Path.Combine(folder, "points.csv"), text.ToString());
    }
}
