namespace DistTrain.Core.Jobs.Documents;

/// <summary>
/// Collects what is wrong with a job, so that a person sees everything at once instead of one fault per try.
/// Sorted by place: the file from top to bottom, then the command line from left to right.
/// </summary>
internal sealed class ProblemList
{
    /// <summary>
    /// A hostile file can be wrong a hundred thousand times; nobody reads further than this.
    /// </summary>
    private const int MostShown = 50;

    private readonly List<(Origin Origin, string Text)> _problems = [];

    public bool Any => _problems.Count > 0;

    public void Add(Origin origin, string path, string what)
        => _problems.Add((origin, origin.Say(path, what)));

    /// <exception cref="UserFaultException">There is a problem; it holds one line for each.</exception>
    public void ThrowIfAny()
    {
        if (!Any)
            return;

        var lines = _problems.OrderBy(p => p.Origin.Rank).ThenBy(p => p.Origin.Line).Select(p => p.Text)
            .Distinct(StringComparer.Ordinal).ToList();
        if (lines.Count > MostShown)
            lines = [.. lines.Take(MostShown), $"… and {lines.Count - MostShown} more problems"];
        throw new UserFaultException(lines);
    }
}
