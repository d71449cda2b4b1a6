namespace DistTrain.LibTorch;

/// <summary>The processor, and what of it the bits of a result depend on.</summary>
/// <param name="Model">As the system calls it.</param>
/// <param name="Cores">That this process may use.</param>
/// <param name="MemoryBytes">That this process may use.</param>
/// <param name="Features">
/// Sets of vector instructions that libtorch and its libraries choose their kernels by, and with them the
/// order of additions: two machines whose lists are equal give equal bits.
/// </param>
public sealed record CpuDevice(string Model, int Cores, long MemoryBytes, IReadOnlyList<string> Features)
{
    private const string Table = "/proc/cpuinfo";

    private static readonly string[] ThatCount =
    [
        "sse4_2", "avx", "avx2", "fma", "avx512f", "avx512bw", "avx512vl", "avx512_vnni", "avx512_bf16",
        "avx512_fp16", "amx_bf16", "amx_int8", "asimd", "sve", "bf16",
    ];

    public static CpuDevice OfThisMachine()
    {
        string[] table = File.Exists(Table) ? File.ReadAllLines(Table) : [];
        string flags = Value(table, "flags") ?? Value(table, "Features") ?? "";
        string[] present = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new CpuDevice(
            Value(table, "model name")
                ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            [.. ThatCount.Intersect(present, StringComparer.Ordinal)]);
    }

    private static string? Value(IEnumerable<string> table, string name)
        => table.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?
            .Split(':', 2).ElementAtOrDefault(1)?.Trim();
}
