using System.Globalization;

namespace DistTrain.LibTorch.Cuda;

/// <summary>Of a GPU, such as 8.0: what its instructions can do.</summary>
public readonly record struct ComputeCapability(int Major, int Minor) : IComparable<ComputeCapability>
{
    public int CompareTo(ComputeCapability other)
        => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public static bool operator <(ComputeCapability left, ComputeCapability right)
        => left.CompareTo(right) < 0;

    public static bool operator <=(ComputeCapability left, ComputeCapability right)
        => left.CompareTo(right) <= 0;

    public static bool operator >(ComputeCapability left, ComputeCapability right)
        => left.CompareTo(right) > 0;

    public static bool operator >=(ComputeCapability left, ComputeCapability right)
        => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}

/// <summary>A GPU that this process may use.</summary>
/// <param name="Index">N of "cuda:N".</param>
/// <param name="Name">As its driver says, e.g. "NVIDIA A100-SXM4-80GB".</param>
/// <param name="TotalBytes">Of its memory.</param>
/// <param name="Memory">Now; null: the driver's management library is not there to be asked.</param>
/// <param name="Capability">What it can do.</param>
public sealed record CudaDevice(
    int Index, string Name, long TotalBytes, CardMemory? Memory, ComputeCapability Capability);

/// <summary>What the NVIDIA driver says of this machine.</summary>
public sealed record CudaDrivers
{
    /// <summary>Devices this process may use, in order; none where <see cref="Problem"/> says why.</summary>
    public IReadOnlyList<CudaDevice> Devices { get; init; } = [];

    /// <summary>The latest CUDA that the driver serves, such as "12.6"; null: there is no driver.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>Why there is no device, for people; null: there is one.</summary>
    public string? Problem { get; init; }
}
