using System.Globalization;
using System.Text;
using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>A table of numbers, and a number to predict.</summary>
public sealed class CsvRegressionTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [SkippableFact]
    public void The_loss_falls_far_below_the_variance_of_the_target()
    {
        Needs.Engine();
        double[] targets = Write("train.csv", rows: 600, seed: 1);
        Write("test.csv", rows: 200, seed: 2);
        double mean = targets.Average();
        double variance = targets.Average(target => (target - mean) * (target - mean));
        FinishedRun run = Disttrain.Train(
            _workspace, "--dataset", "csv", "--data", "train.csv", "--set", "dataset.testPath=test.csv",
            "--set", "dataset.label=yield", "--set", "dataset.task=regression", "--validation", "100",
            "--model", "mlp", "--hidden", "32", "--optimizer", "adam", "--lr", "0.01", "--batch", "50",
            "--shards", "4", "--epochs", "20", "--workers", "3");
        run.Loss("test").ShouldBeInRange(0, variance / 10);
        run.Loss("validation").ShouldBeInRange(0, variance / 10);
        run.Json.GetProperty("test").GetProperty("accuracy").ValueKind
            .ShouldBe(System.Text.Json.JsonValueKind.Null, "numbers have no accuracy");
        run.Folder.Metrics("epoch")[0].GetProperty("train").GetProperty("loss").GetDouble()
            .ShouldBeGreaterThan(run.Loss("train"));
    }

    /// <summary>yield = 2·rain − sun² + a little noise; the targets.</summary>
    private double[] Write(string name, int rows, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("rain,yield,sun\n");
        double[] targets = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            double rain = 2 * random.NextDouble() - 1, sun = 2 * random.NextDouble() - 1;
            targets[i] = 2 * rain - sun * sun + 0.05 * random.NextDouble();
            text.AppendLine(CultureInfo.InvariantCulture, $"{rain:R},{targets[i]:R},{sun:R}");
        }

        _workspace.Write(name, text.ToString());
        return targets;
    }
}
