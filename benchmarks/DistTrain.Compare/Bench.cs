using System.Text.Json.Nodes;
using DistTrain.Compare.Processes;
using DistTrain.Compare.Reporting;

namespace DistTrain.Compare;

/// <summary>What every section of the comparison is told, and where its results go.</summary>
/// <param name="Only">Only cases whose name contains this; null: all.</param>
/// <param name="Rounds">Times each side of a case is measured, in turn.</param>
/// <param name="Json">A line of JSON per case besides the tables.</param>
/// <param name="Write">Tables and plots go into docs/benchmarks as well.</param>
/// <param name="Program">The built program; null: the one under artifacts/.</param>
/// <param name="Children">Starts processes.</param>
internal sealed record Bench(
    string? Only, int Rounds, bool Json, bool Write, string? Program, Children Children)
{
    /// <summary>Cases that were measured.</summary>
    public int Measured { get; private set; }

    public CancellationToken Stop => Children.Stop;

    public T[] Chosen<T>(IEnumerable<T> cases, Func<T, string> nameOf)
        => [.. cases.Where(one => Only is null || nameOf(one).Contains(Only, StringComparison.Ordinal))];

    public void Progress(string text)
    {
        Stop.ThrowIfCancellationRequested();
        Console.Error.WriteLine(text);
    }

    /// <summary>A case is through.</summary>
    public void Case(string name, JsonObject figures)
    {
        Measured++;
        if (Json)
        {
            figures.Insert(0, "case", name);
            Console.WriteLine(figures.ToJsonString());
        }
    }

    /// <summary>A section is through.</summary>
    public void Table(string section, string title, string content)
    {
        Console.WriteLine($"\n{title}\n\n{content}");
        if (Write)
        {
            Page.Replace(section, content);
        }
    }

    /// <summary>Why the peer's columns are empty; null: they are not.</summary>
    public static string? PeerMissing()
    {
        if (Peers.Reason is { } reason)
        {
            Console.Error.WriteLine($"PyTorch is left out: {reason}");
        }
        return Peers.Reason;
    }
}
