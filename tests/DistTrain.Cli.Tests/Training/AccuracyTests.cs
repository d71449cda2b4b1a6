using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>What the literature promises, on the real MNIST, by the examples as they stand.</summary>
public sealed class AccuracyTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [SkippableFact]
    public void The_mlp_reaches_98_percent_on_MNIST()
        => Train("examples/mnist-mlp.json").ShouldBeInRange(0.98, 1);

    [SkippableFact]
    public void The_cnn_reaches_99_point_1_percent_on_MNIST()
    {
        Skip.If(
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISTTRAIN_LONG_TESTS")),
            "it trains for minutes; set DISTTRAIN_LONG_TESTS=1 to run it");
        Train("examples/mnist-cnn.json").ShouldBeInRange(0.991, 1);
    }

    private double Train(string example)
    {
        Needs.Engine();
        string data = Needs.SharedData("mnist");
        FinishedRun run = Disttrain.Train(
            _workspace, Needs.RepositoryFile(example), "--data", data, "--workers", "2");
        run.Json.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(0);
        return run.Accuracy("test");
    }
}
