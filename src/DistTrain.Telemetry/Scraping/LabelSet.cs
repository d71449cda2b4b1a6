namespace DistTrain.Telemetry.Scraping;

/// <summary>
/// Labels of a series, as its measurements bring them. Two are equal with the same labels in the same order,
/// which holds for measurements that one line of code makes.
/// </summary>
internal sealed class LabelSet(ReadOnlySpan<KeyValuePair<string, object?>> labels)
{
    private readonly KeyValuePair<string, object?>[] _labels = labels.ToArray();

    public ReadOnlySpan<KeyValuePair<string, object?>> Labels => _labels;
}

/// <summary>Finds a label set by the labels of a measurement, without making one.</summary>
internal sealed class LabelSetComparer
    : IEqualityComparer<LabelSet>,
        IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, LabelSet>
{
    public LabelSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate);

    public bool Equals(LabelSet? x, LabelSet? y)
        => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.Labels, y));

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, LabelSet other)
    {
        ReadOnlySpan<KeyValuePair<string, object?>> labels = other.Labels;
        if (alternate.Length != labels.Length)
        {
            return false;
        }
        for (int i = 0; i < labels.Length; i++)
        {
            if (!string.Equals(alternate[i].Key, labels[i].Key, StringComparison.Ordinal)
                || !Equals(alternate[i].Value, labels[i].Value))
            {
                return false;
            }
        }
        return true;
    }

    public int GetHashCode(LabelSet set) => GetHashCode(set.Labels);

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = default(HashCode);
        foreach (KeyValuePair<string, object?> label in alternate)
        {
            hash.Add(label.Value);
        }
        return hash.ToHashCode();
    }
}
