namespace DistTrain.Net.Wire;

/// <summary>What a stranger sent, made fit for one line of a log or a terminal.</summary>
internal static class Printable
{
    public static string Text(string value)
        => string.Create(value.Length, value, static (line, given) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(given[i]) ? ' ' : given[i];
            }
        });
}
