using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>A workspace with a little data set in MNIST's format, on which a run takes a second.</summary>
public sealed class SmallRuns : IDisposable
{
    public SmallRuns() => Data = SmallSets.WriteIdx(Workspace, "mnist", train: 480, test: 100);

    public Workspace Workspace { get; } = new();

    public string Data { get; }

    /// <summary>A small job: 10 steps an epoch, 2 epochs, 2 workers.</summary>
    internal string[] Job =>
    [
        "--dataset", "mnist", "--data", Data, "--validation", "80", "--model", "mlp", "--hidden", "16",
        "--batch", "40", "--shards", "4", "--epochs", "2", "--workers", "2", "--lr", "0.02",
        "--scaling", "none", "--schedule", "constant",
    ];

    internal FinishedRun Train(params IReadOnlyList<string> more)
        => Disttrain.Train(Workspace, [.. Job, .. more]);

    public void Dispose() => Workspace.Dispose();
}
