using DistTrain.Core.Datasets;

namespace DistTrain.Data;

/// <summary>What every sample set asks of a call to Gather, before it writes anything.</summary>
internal static class GatherChecks
{
    /// <exception cref="ArgumentException">The batch does not fit the samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the set.</exception>
    public static void Require(
        ReadOnlySpan<int> indices, int count, MicroBatch batch, SampleShape shape, int targets)
    {
        if (batch.Shape != shape || batch.TargetCount != targets)
        {
            throw new ArgumentException(
                $"The batch is for samples {batch.Shape} with {batch.TargetCount} targets"
                + $", the set has {shape} with {targets}.", nameof(batch));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(indices.Length, batch.Capacity);
        foreach (int index in indices)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(indices));
        }
    }
}
