using System.Globalization;
using DistTrain.MultiNode.Tests.Harness;

namespace DistTrain.MultiNode.Tests.Soak;

/// <summary>What a process holds, looked at again and again.</summary>
internal sealed class Footprint(Node node)
{
    private readonly List<(double Megabytes, double Handles)> _samples = [];

    public void Look()
    {
        string pages = File.ReadLines($"/proc/{node.Id}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        double kibibytes = double.Parse(
            pages.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        _samples.Add((kibibytes / 1024, Directory.GetFiles($"/proc/{node.Id}/fd").Length));
    }

    /// <summary>Medians of the first and of the last third.</summary>
    public (double Early, double Late) Megabytes => Medians(sample => sample.Megabytes);

    /// <inheritdoc cref="Megabytes"/>
    public (double Early, double Late) Handles => Medians(sample => sample.Handles);

    public override string ToString()
        => $"{_samples.Count} looks: {Megabytes.Early:0} MiB, then {Megabytes.Late:0} MiB; "
            + $"{Handles.Early:0} handles, then {Handles.Late:0}";

    private (double Early, double Late) Medians(Func<(double Megabytes, double Handles), double> of)
    {
        double[] values = [.. _samples.Select(of)];
        int third = values.Length / 3;
        return (Median(values[..third]), Median(values[^third..]));
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
