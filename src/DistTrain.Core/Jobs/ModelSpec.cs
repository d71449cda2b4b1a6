namespace DistTrain.Core.Jobs;

/// <summary>
/// Exactly one of <see cref="Preset"/>, <see cref="Layers"/>, <see cref="TorchScript"/> and
/// <see cref="Assembly"/> is set.
/// </summary>
public sealed record ModelSpec
{
    /// <summary>softmax, mlp, lenet, cnn, resnet8 or resnet20.</summary>
    public string? Preset { get; init; }

    /// <summary>Hidden sizes of the preset mlp.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }

    /// <summary>relu, tanh or gelu: the activation of the preset mlp.</summary>
    public string? Activation { get; init; }

    /// <summary>
    /// Drop probability before the last layer (mlp: after every hidden layer) of a preset; 0: none.
    /// </summary>
    public double Dropout { get; init; }

    public IReadOnlyList<LayerSpec>? Layers { get; init; }

    /// <summary>Path of a TorchScript file.</summary>
    public string? TorchScript { get; init; }

    /// <summary>Path of a .NET assembly with a module of the user's own.</summary>
    public string? Assembly { get; init; }

    /// <summary>Full name of the module's type in <see cref="Assembly"/>.</summary>
    public string? Type { get; init; }

    /// <summary>The file a model comes from; null: the job says all of it.</summary>
    public string? File => TorchScript ?? Assembly;
}

/// <summary>
/// One layer as a job writes it, e.g. {"conv2d":{"out":32,"kernel":5,"padding":2}} or "relu".
/// </summary>
public sealed record LayerSpec
{
    public required LayerKind Kind { get; init; }

    /// <summary>Output features (linear) or channels (conv2d).</summary>
    public int Out { get; init; }

    public int Kernel { get; init; }
    public int Stride { get; init; } = 1;
    public int Padding { get; init; }
    public bool Bias { get; init; } = true;

    /// <summary>Drop probability.</summary>
    public double Probability { get; init; }

    /// <summary>batchnorm2d: added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>batchnorm2d: weight of the newest statistics in the running ones.</summary>
    public double Momentum { get; init; } = 0.1;

    /// <summary>
    /// residual: the layers of the branch. The block's output is branch(x) + shortcut(x); the activation
    /// after the sum is a layer of its own.
    /// </summary>
    public IReadOnlyList<LayerSpec> Body { get; init; } = [];

    /// <summary>residual: the layers of the shortcut; empty: the identity.</summary>
    public IReadOnlyList<LayerSpec> Shortcut { get; init; } = [];
}

public enum LayerKind
{
    Linear, Conv2d, BatchNorm2d, Relu, Tanh, Gelu, Dropout, MaxPool2d, AvgPool2d, GlobalAvgPool2d, Flatten,
    Residual,
}
