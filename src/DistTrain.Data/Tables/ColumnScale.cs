namespace DistTrain.Data.Tables;

/// <summary>Maps a table's columns to model inputs: x = (v − Mean)/Deviation, computed in float64.</summary>
/// <param name="Mean">[Columns].</param>
/// <param name="Deviation">[Columns]; 1 for a column that never varies, which so becomes 0.</param>
internal sealed record ColumnScale(double[] Mean, double[] Deviation)
{
    /// <summary>x = v.</summary>
    public static ColumnScale Identity(int columns)
        => new(new double[columns], [.. Enumerable.Repeat(1.0, columns)]);

    /// <summary>Mean and deviation over the chosen rows, in two passes and in their order.</summary>
    public static ColumnScale Measure(CsvTable table, ReadOnlySpan<int> chosen)
    {
        int columns = table.Columns.Count;
        double[] mean = new double[columns], deviation = new double[columns];
        foreach (int row in chosen)
        {
            ReadOnlySpan<double> values = table.Row(row);
            for (int c = 0; c < columns; c++)
            {
                mean[c] += values[c] / chosen.Length;
            }
        }

        foreach (int row in chosen)
        {
            ReadOnlySpan<double> values = table.Row(row);
            for (int c = 0; c < columns; c++)
            {
                double away = values[c] - mean[c];
                deviation[c] += away * away / chosen.Length;
            }
        }

        for (int c = 0; c < columns; c++)
        {
            // Rounding of the mean leaves a constant column with a deviation far below its own size.
            double least = 1e-12 * Math.Abs(mean[c]);
            deviation[c] = Math.Sqrt(deviation[c]) is var d && d > least ? d : 1;
        }

        return new ColumnScale(mean, deviation);
    }

    /// <summary>All rows of a table as inputs, [Count × Columns].</summary>
    public float[] Apply(CsvTable table)
    {
        int columns = table.Columns.Count;
        float[] inputs = new float[table.Features.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = (float)((table.Features[i] - Mean[i % columns]) / Deviation[i % columns]);
        }

        return inputs;
    }
}
