using DistTrain.Core.Datasets;

namespace DistTrain.Data.Loading;

/// <summary>A data set in memory, its content hash worked out when first asked for.</summary>
internal sealed class LoadedDataset(Func<string> contentHash) : IDataset
{
    private readonly Lazy<string> _contentHash = new(contentHash);

    public required string Name { get; init; }
    public required SampleShape Shape { get; init; }
    public required int Classes { get; init; }
    public required ISampleSet Train { get; init; }
    public ISampleSet? Validation { get; init; }
    public ISampleSet? Test { get; init; }
    public string ContentHash => _contentHash.Value;

    public void Dispose()
    {
        // Only managed memory is held.
    }
}
