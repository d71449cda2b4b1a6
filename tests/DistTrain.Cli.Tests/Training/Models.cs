using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>
/// Jobs of eight shards with everything on that could differ between workers, and the result of each on two
/// workers, which the tests of a class share.
/// </summary>
public sealed class Models : IDisposable
{
    private readonly Dictionary<string, FinishedRun> _references = new(StringComparer.Ordinal);

    public Workspace Workspace { get; } = new();

    /// <summary>The arguments of a job, workers left out.</summary>
    internal IReadOnlyList<string> Job(string model) => model switch
    {
        "mlp" =>
        [
            "--dataset", "strokes", "--set", "dataset.train=2000", "--validation", "400", "--model", "mlp",
            "--hidden", "128,64", "--set", "model.dropout=0.2", "--batch", "32", .. Common,
        ],
        "cnn" =>
        [
            "--dataset", "strokes", "--set", "dataset.train=320", "--validation", "64", "--model", "cnn",
            "--set", "model.dropout=0.4", "--batch", "16", "--optimizer", "adamw", .. Common,
        ],
        "resnet8" =>
        [
            "--dataset", "cifar10", "--data", Cifar(), "--set", "dataset.train=320", "--validation", "64",
            "--model", "resnet8", "--set", "model.dropout=0.2", "--batch", "32",
            "--set", "optimizer.nesterov=true", "--set", "optimizer.weightDecay=5e-4", .. Common,
        ],
        "cnn in bf16" => [.. Job("cnn"), "--precision", "bf16"],
        "resnet8 in bf16" => [.. Job("resnet8"), "--precision", "bf16"],
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, message: null),
    };

    private static string[] Common =>
    [
        "--shards", "8", "--epochs", "2", "--set", "dataset.augment.crop=3",
        "--set", "dataset.augment.flip=true",
    ];

    /// <summary>The job's result on two workers, never interrupted.</summary>
    internal FinishedRun Reference(string model)
        => _references.TryGetValue(model, out FinishedRun? known)
            ? known
            : _references[model] = Disttrain.Train(Workspace, [.. Job(model), "--workers", "2"]);

    public void Dispose() => Workspace.Dispose();

    /// <summary>The real images, or drawn ones where those are not.</summary>
    private string Cifar()
    {
        string? shared = Needs.SharedFolder is { } folder ? Path.Combine(folder, "cifar10") : null;
        string own = Workspace.File("cifar10");
        return Directory.Exists(shared) ? shared
            : Directory.Exists(own) ? own
            : SmallSets.WriteCifar(Workspace, "cifar10", train: 400, test: 100);
    }
}
