using DistTrain.Core.Memory;
using DistTrain.Runs.Tensors;

namespace DistTrain.Runs.Weights;

/// <summary>
/// The fingerprint of a trained model. Two runs that print the same one ended in the same bits, whatever
/// cluster they ran on.
/// </summary>
public static class WeightsHash
{
    /// <summary>
    /// SHA-256, lower-case hex, over the first <paramref name="count"/> float32 numbers (trained parameters
    /// and then buffers, in the layout's order) as little-endian bytes.
    /// </summary>
    public static string Compute(NativeBuffer<float> parameters, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, parameters.Length);
        return Safetensors.Hash(parameters, count);
    }
}
