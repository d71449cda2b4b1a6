using System.Globalization;

namespace DistTrain.Compare.Processes;

/// <summary>High-water mark of a process's resident memory, as Linux keeps it.</summary>
internal static class PeakMemory
{
    /// <summary>In megabytes of 10⁶ bytes.</summary>
    public static double OfProcess(int id) => Of($"/proc/{id}/status");

    /// <summary>Of this process, in megabytes of 10⁶ bytes.</summary>
    public static double OfThisProcess() => Of("/proc/self/status");

    private static double Of(string path)
    {
        string line = File.ReadLines(path)
            .First(entry => entry.StartsWith("VmHWM:", StringComparison.Ordinal));
        string kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return double.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
