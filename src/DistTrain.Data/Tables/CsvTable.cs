namespace DistTrain.Data.Tables;

/// <summary>A CSV file as read: numbers in all columns but one, and the text of that one.</summary>
/// <param name="Path">Where it came from, for messages.</param>
/// <param name="Columns">Names of the feature columns, in the training file's order.</param>
/// <param name="Features">[Count × Columns], row-major; finite, and finite as float32.</param>
/// <param name="Labels">[Count], trimmed, never empty.</param>
/// <param name="Lines">[Count] line of the file each row begins on, from 1, for messages.</param>
internal sealed record CsvTable(
    string Path, IReadOnlyList<string> Columns, double[] Features, string[] Labels, int[] Lines)
{
    public int Count => Labels.Length;

    public ReadOnlySpan<double> Row(int index) => Features.AsSpan(index * Columns.Count, Columns.Count);
}
