using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// The table of finished epochs, a row at a time: rows stay in the terminal's history while the live region
/// moves on below them. Columns that do not fit are left out; a heading is repeated when the columns change.
/// </summary>
public sealed class EpochTable(int epochs)
{
    private string _heading = "";

    /// <summary>The row of an epoch, with a heading above it where one is due.</summary>
    public IReadOnlyList<Line> Rows(EpochMetrics epoch, int width)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        List<Column> columns = [.. ColumnsOf(epoch)];
        while (columns.Sum(c => c.Width) >= width && columns.Exists(c => c.Priority > 0))
        {
            columns.Remove(columns.MaxBy(c => c.Priority)!);
        }

        var row = new Line();
        foreach (Column column in columns)
        {
            row.Add(column.Value.PadLeft(column.Width), column.Ink);
        }

        string heading = string.Concat(columns.Select(c => c.Name.PadLeft(c.Width)));
        if (string.Equals(heading, _heading, StringComparison.Ordinal))
        {
            return [row];
        }

        _heading = heading;
        return [new Line(heading, Ink.Faint), row];
    }

    /// <param name="Name">Heading.</param>
    /// <param name="Width">Columns of the terminal.</param>
    /// <param name="Value">This epoch's.</param>
    /// <param name="Priority">The highest goes first when there is little room; 0 stays.</param>
    /// <param name="Ink">Of the value.</param>
    private sealed record Column(string Name, int Width, string Value, int Priority, Ink Ink = Ink.Normal);

    private IEnumerable<Column> ColumnsOf(EpochMetrics epoch)
    {
        int width = Math.Max(5, 2 * $"{epochs}".Length + 1);
        yield return new("epoch", width, $"{epoch.Epoch}/{epochs}", 0, Ink.Strong);
        yield return new("train loss", 12, Units.Loss(epoch.Train.Loss), 0, Ink.Train);
        if (epoch.Train.Accuracy is { } accuracy)
        {
            yield return new("accuracy", 10, Units.Share(accuracy), 3, Ink.Train);
        }

        if (epoch.Validation is { } validation)
        {
            yield return new("validation", 12, Units.Loss(validation.Loss), 0, Ink.Validation);
            if (validation.Accuracy is { } share)
            {
                yield return new("accuracy", 10, Units.Share(share), 1, Ink.Validation);
            }
        }

        yield return new("rate", 11, Units.Rate(epoch.LearningRate), 4);
        yield return new("samples/s", 11, Units.Throughput(epoch.SamplesPerSecond).Split(' ')[0], 5);
        yield return new("time", 9, Units.Seconds(epoch.Elapsed), 2);
        yield return new("", 6, epoch.Improved ? "best" : "", 6, Ink.Strong);
    }
}
