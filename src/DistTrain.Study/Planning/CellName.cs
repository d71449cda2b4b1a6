namespace DistTrain.Study.Planning;

/// <summary>Names of run directories and of jobs in a cluster's list.</summary>
internal static class CellName
{
    /// <returns>Within what a job's name may hold: 64 letters.</returns>
    public static string Of(int batch, string rule, string optimizer, long seed, string id)
    {
        string text = $"b{batch}-{rule}-{optimizer.Replace('+', '-')}-s{seed}";
        return $"{text[..Math.Min(text.Length, 64 - 1 - id.Length)]}-{id}";
    }
}
