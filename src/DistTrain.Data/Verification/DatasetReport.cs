using DistTrain.Core.Datasets;

namespace DistTrain.Data.Verification;

/// <summary>What a folder turned out to hold.</summary>
/// <param name="Folder">As given.</param>
/// <param name="Name">Name of the set the pinned digests or the format tell; else what is known of
/// it.</param>
/// <param name="Splits">Training and test samples, as far as they could be read.</param>
/// <param name="Files">Every file of the set that is there.</param>
/// <param name="ContentHash">As <see cref="IDataset.ContentHash"/>; null: the set could not be read.</param>
/// <param name="Faults">One line each; empty: nothing is wrong.</param>
public sealed record DatasetReport(
    string Folder, string Name, IReadOnlyList<SplitReport> Splits, IReadOnlyList<FileReport> Files,
    string? ContentHash, IReadOnlyList<string> Faults)
{
    /// <summary>Whether the set can be trained on.</summary>
    public bool IsSound => Faults.Count == 0;
}

/// <param name="Name">train or test.</param>
/// <param name="Count">Samples.</param>
/// <param name="Shape">Of a sample.</param>
/// <param name="ClassCounts">[classes] samples of each class.</param>
public sealed record SplitReport(string Name, int Count, SampleShape Shape, IReadOnlyList<int> ClassCounts);

/// <param name="Name">File name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Of its bytes as they lie on disk, lower-case hex.</param>
/// <param name="Status">How that compares with the published digests.</param>
public sealed record FileReport(string Name, long Bytes, string Sha256, ChecksumStatus Status);

/// <summary>How a file compares with the catalog.</summary>
public enum ChecksumStatus
{
    /// <summary>The published file to the last byte.</summary>
    Matches,

    /// <summary>A published file has this name and another digest: repacked or changed. Not a fault by
    /// itself.</summary>
    Differs,

    /// <summary>No digest is published for a file of this name.</summary>
    NotPinned,
}
