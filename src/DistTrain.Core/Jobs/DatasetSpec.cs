namespace DistTrain.Core.Jobs;

public sealed record DatasetSpec
{
    /// <summary>strokes, mnist, fashion-mnist, cifar10 or csv.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Folder of the set, or of such folders; csv: the training file. null: the default places.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>csv: the test file; null: none.</summary>
    public string? TestPath { get; init; }

    /// <summary>csv: the name of the label column.</summary>
    public string? Label { get; init; }

    /// <summary>csv: classification or regression.</summary>
    public string Task { get; init; } = "classification";

    /// <summary>First N training samples only; null: all.</summary>
    public int? Train { get; init; }

    /// <summary>Samples held out of the training set, chosen by the job's seed; 0: none.</summary>
    public required int Validation { get; init; }

    /// <summary>
    /// Subtract the training set's mean and divide by its deviation, per channel (csv: per column).
    /// </summary>
    public required bool Standardize { get; init; }

    public required AugmentSpec Augment { get; init; }
}

/// <summary>Random crop and flip of training images, keyed by sample and epoch, never by worker.</summary>
public sealed record AugmentSpec
{
    /// <summary>Pixels of zero padding before a random crop back to the image's size; 0: none.</summary>
    public int Crop { get; init; }

    /// <summary>Mirror left to right with probability one half.</summary>
    public bool Flip { get; init; }
}
