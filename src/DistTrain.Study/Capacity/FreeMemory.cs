using System.Globalization;

namespace DistTrain.Study.Capacity;

/// <summary>Memory that a new process could have without anything being swapped out.</summary>
public static class FreeMemory
{
    private const string Meminfo = "/proc/meminfo";
    private const string Group = "/sys/fs/cgroup/memory.max";
    private const string GroupUsed = "/sys/fs/cgroup/memory.current";

    /// <summary>
    /// Bytes now: the system's own estimate, or less where this process's group is bounded.
    /// </summary>
    public static long Now()
    {
        GCMemoryInfo known = GC.GetGCMemoryInfo();
        long system = File.Exists(Meminfo)
            ? Available(File.ReadLines(Meminfo)) ?? known.TotalAvailableMemoryBytes
            : known.TotalAvailableMemoryBytes - known.MemoryLoadBytes;
        return Math.Min(system, LeftInGroup() ?? long.MaxValue);
    }

    /// <summary>MemAvailable of /proc/meminfo, in bytes; null: there is no such line.</summary>
    internal static long? Available(IEnumerable<string> lines)
    {
        const string Label = "MemAvailable:";
        string? line = lines.FirstOrDefault(l => l.StartsWith(Label, StringComparison.Ordinal));
        string? number = line?[Label.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.TryParse(number, CultureInfo.InvariantCulture, out long kibibytes)
            ? kibibytes * 1024 : null;
    }

    private static long? LeftInGroup()
        => File.Exists(Group) && File.Exists(GroupUsed)
            && long.TryParse(File.ReadAllText(Group), CultureInfo.InvariantCulture, out long most)
            && long.TryParse(File.ReadAllText(GroupUsed), CultureInfo.InvariantCulture, out long used)
            ? Math.Max(0, most - used) : null;
}
