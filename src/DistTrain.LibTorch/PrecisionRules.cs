using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.LibTorch.Cuda;

namespace DistTrain.LibTorch;

/// <summary>Which precisions a device computes with.</summary>
public static class PrecisionRules
{
    /// <summary>Of the CPU. It has neither float16 products worth the name nor tf32.</summary>
    public static IReadOnlyList<Precision> OfCpu { get; } = [Precision.Float32, Precision.Bf16];

    /// <summary>Of a GPU: tf32 and bf16 came with compute capability 8.0, float16 with 5.3.</summary>
    public static IReadOnlyList<Precision> OfGpu(ComputeCapability capability)
    {
        List<Precision> all = [Precision.Float32];
        if (capability >= new ComputeCapability(8, 0))
        {
            all.AddRange([Precision.Tf32, Precision.Bf16]);
        }
        if (capability >= new ComputeCapability(5, 3))
        {
            all.Add(Precision.Fp16);
        }
        return all;
    }

    /// <summary>As a job writes it.</summary>
    public static string WordOf(Precision precision) => precision.ToString().ToLowerInvariant();

    /// <param name="precision">The job's.</param>
    /// <param name="device">"cpu" or "cuda:N", for the message.</param>
    /// <param name="name">What people call the device; null: nothing more.</param>
    /// <param name="able">What it computes with.</param>
    /// <exception cref="UserFaultException">The device has no such numbers.</exception>
    public static void Require(
        Precision precision, string device, string? name, IReadOnlyList<Precision> able)
    {
        if (!able.Contains(precision))
        {
            string others = string.Join(", ", able.Select(WordOf));
            throw new UserFaultException(
                $"precision \"{WordOf(precision)}\": {device}{(name is null ? "" : $" ({name})")} does not "
                + $"compute with it; use one of {others}, or another device");
        }
    }
}
