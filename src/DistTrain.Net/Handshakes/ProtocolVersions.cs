namespace DistTrain.Net.Handshakes;

/// <summary>The protocol versions an end speaks, both bounds included.</summary>
internal readonly record struct ProtocolVersions(ushort Lowest, ushort Highest)
{
    /// <summary>What this program speaks. docs/PROTOCOL.md says which change raises which bound.</summary>
    public static ProtocolVersions Current { get; } = new(1, 1);

    /// <summary>The highest both speak; null: none.</summary>
    public ushort? Common(ProtocolVersions other)
    {
        ushort highest = Math.Min(Highest, other.Highest);
        return highest >= Lowest && highest >= other.Lowest ? highest : null;
    }

    public override string ToString() => Lowest == Highest ? $"{Lowest}" : $"{Lowest} to {Highest}";
}
