namespace DistTrain.Core.Datasets;

/// <summary>
/// Samples that a worker can gather by index: decoded once per process, shared by all workers, safe to read
/// from many threads at once.
/// </summary>
public interface ISampleSet
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>
    /// Writes the samples of <paramref name="indices"/> into the batch and sets its count. Inputs are
    /// float32, standardised, row-major [n, …shape].
    /// </summary>
    /// <param name="indices">Indices in [0, Count).</param>
    /// <param name="augmentation">Key of the random crop and flip; null: samples as they are.</param>
    /// <param name="batch">Receives inputs and labels (or targets); its capacity must hold them.</param>
    void Gather(ReadOnlySpan<int> indices, AugmentationKey? augmentation, MicroBatch batch);
}

/// <summary>What augmentation depends on besides the sample's own index.</summary>
public readonly record struct AugmentationKey(long Seed, int Epoch);

/// <summary>A loaded data set. <see cref="Validation"/> is disjoint from <see cref="Train"/>.</summary>
public interface IDataset : IDisposable
{
    string Name { get; }
    SampleShape Shape { get; }

    /// <summary>Number of classes; 0: the targets are numbers (regression).</summary>
    int Classes { get; }

    ISampleSet Train { get; }
    ISampleSet? Validation { get; }
    ISampleSet? Test { get; }

    /// <summary>
    /// SHA-256 (lower-case hex) over the decoded training and test content, for comparing copies.
    /// </summary>
    string ContentHash { get; }
}
