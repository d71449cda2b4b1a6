using System.Globalization;
using System.Text;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Scraping;

/// <summary>
/// Writes a scrape: Prometheus' text exposition format 0.0.4, or OpenMetrics 1.0, which differ in the names
/// of
/// counters' families and in the last line. A family stands together, whichever meters its series come from.
/// <code>
///   # HELP disttrain_steps_total Steps committed or skipped by this process.
///   # TYPE disttrain_steps_total counter
///   disttrain_steps_total{job_id="mnist-mlp-1"} 1875
/// </code>
/// </summary>
internal sealed class PrometheusText(bool isOpenMetrics)
{
    public const string Plain = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder _text = new();

    public string Write(IReadOnlyList<InstrumentState> instruments)
    {
        foreach (IGrouping<string, InstrumentState> family in instruments
            .GroupBy(one => PrometheusName.Of(one.Instrument.Name, one.Instrument.Unit, one.Kind))
            .OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            WriteFamily(family.Key, family);
        }
        if (isOpenMetrics)
        {
            _text.Append("# EOF\n");
        }
        return _text.ToString();
    }

    private void WriteFamily(string name, IEnumerable<InstrumentState> instruments)
    {
        bool begun = false;
        foreach (InstrumentState instrument in instruments)
        {
            string sample = instrument.Kind == MetricKind.Counter ? $"{name}_total" : name;
            foreach ((LabelSet labels, Series series) in instrument.Series
                .OrderBy(one => Text(one.Key.Labels), StringComparer.Ordinal))
            {
                if (!begun)
                {
                    begun = true;
                    WriteHead(isOpenMetrics ? name : sample, instrument);
                }
                WriteSeries(sample, Text(labels.Labels), series);
            }
        }
    }

    private void WriteHead(string name, InstrumentState instrument)
    {
        string meaning = (instrument.Instrument.Description ?? "")
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        _text.Append("# HELP ").Append(name).Append(' ').Append(meaning).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ')
            .Append(instrument.Kind.ToString().ToLowerInvariant()).Append('\n');
    }

    private void WriteSeries(string name, string labels, Series series)
    {
        switch (series)
        {
            case HistogramSeries histogram:
                WriteHistogram(name, labels, histogram);
                break;
            case SumSeries sum:
                WriteSample(name, labels, sum.Sum);
                break;
            case LastSeries last:
                WriteSample(name, labels, last.Last);
                break;
            default:
                throw new InvalidOperationException($"no text for {series.GetType().Name}");
        }
    }

    private void WriteHistogram(string name, string labels, HistogramSeries histogram)
    {
        // The sum first: it may then lack a measurement that the count has, and never the other way round.
        double sum = histogram.Sum;
        long[] counts = histogram.Counts();
        string before = labels.Length == 0 ? "" : $"{labels},";
        long count = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            count += counts[i];
            double bound = i < histogram.Bounds.Count ? histogram.Bounds[i] : double.PositiveInfinity;
            WriteSample($"{name}_bucket", $"{before}le=\"{Number(bound)}\"", count);
        }
        WriteSample($"{name}_sum", labels, sum);
        WriteSample($"{name}_count", labels, count);
    }

    private void WriteSample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var text = new StringBuilder();
        foreach ((string key, object? value) in labels)
        {
            string word = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append(text.Length == 0 ? "" : ",").Append(key.Replace('.', '_')).Append("=\"")
                .Append(word.Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("\"", "\\\"", StringComparison.Ordinal)
                    .Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }
        return text.ToString();
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
