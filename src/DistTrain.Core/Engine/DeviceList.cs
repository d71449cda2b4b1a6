using System.Globalization;

namespace DistTrain.Core.Engine;

/// <summary>
/// The devices that a process's workers compute on, as people write them: "cpu", "cuda:1", or several GPUs,
/// "cuda:0,cuda:1". Worker i has device i, and beyond the last one they begin again with the first. Which
/// device computes a shard changes no bit where the devices are of one kind.
/// </summary>
public sealed class DeviceList
{
    public const string Cpu = "cpu";

    private const int MostDevices = 64;

    private DeviceList(IReadOnlyList<string> names) => Names = names;

    public IReadOnlyList<string> Names { get; }

    /// <summary>The device of a worker.</summary>
    /// <param name="worker">From 0.</param>
    public string Of(int worker) => Names[worker % Names.Count];

    public static bool TryParse(string text, out DeviceList devices)
    {
        string[] names = text.Split(',');
        devices = new DeviceList(names);
        return names.Length <= MostDevices && (names is [Cpu] || names.All(IsGpu))
            && names.Distinct(StringComparer.Ordinal).Count() == names.Length;
    }

    /// <exception cref="UserFaultException">It is neither.</exception>
    public static DeviceList Parse(string text)
        => TryParse(text, out DeviceList devices)
            ? devices
            : throw new UserFaultException($"device \"{text}\" is not known; use \"cpu\", \"cuda:N\" or "
                + "several GPUs, each once: \"cuda:0,cuda:1\"");

    public override string ToString() => string.Join(',', Names);

    private static bool IsGpu(string name)
        => name.StartsWith("cuda:", StringComparison.Ordinal)
        && int.TryParse(name[5..], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
        && name == string.Create(CultureInfo.InvariantCulture, $"cuda:{index}");
}
