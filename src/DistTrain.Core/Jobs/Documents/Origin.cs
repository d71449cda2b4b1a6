namespace DistTrain.Core.Jobs.Documents;

/// <summary>Where a value was written, so that every complaint can point at it.</summary>
/// <param name="Source">The file's name, or the flag as typed; empty: nowhere, the job has no file.</param>
/// <param name="Line">1-based; 0: unknown or without meaning.</param>
/// <param name="Rank">0: the job file. Overrides count from 1 in the order they were given.</param>
/// <param name="Path">The path an override sets; null for the file.</param>
internal sealed record Origin(string Source, int Line, int Rank, string? Path)
{
    public static Origin File(string source) => new(source, 0, 0, null);

    /// <summary>Typed on the command line, and therefore stronger than the file.</summary>
    public bool IsOverride => Rank > 0;

    /// <summary>One line about this place: <c>job.json:12: learningRate.base: …</c>.</summary>
    /// <param name="path">The field; left out where the source names it already.</param>
    /// <param name="what">What is to be said.</param>
    public string Say(string path, string what)
    {
        string field = path.Length == 0 || path == Path ? what : $"{path}: {what}";
        return Source.Length == 0 ? field : $"{this}: {field}";
    }

    public override string ToString() => Line > 0 ? $"{Source}:{Line}" : Source;
}
