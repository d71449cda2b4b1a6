using System.Globalization;
using System.Text;

namespace DistTrain.Telemetry.Tests.Harness;

/// <summary>A scrape in Prometheus' text format, read line by line.</summary>
internal sealed class Scrape
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    public Scrape(string text)
    {
        Text = text;
        foreach (string line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            int blank = line.LastIndexOf(' ');
            string value = line[(blank + 1)..];
            _values.Add(line[..blank], value.EndsWith("Inf", StringComparison.Ordinal)
                ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture));
        }
    }

    public string Text { get; }

    /// <summary>Series with their labels, as they are written.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <param name="series">With its labels, as it is written.</param>
    public double this[string series]
        => _values.TryGetValue(series, out double value)
            ? value : throw new ShouldAssertException($"no {series} in\n{Text}");

    public static async Task<Scrape> OfAsync(TelemetryHost host, string accept = "")
        => new(Encoding.UTF8.GetString((await host.ScrapeAsync(accept, CancellationToken.None)).Text));
}
