using DistTrain.Compare.Processes;
using DistTrain.Core;

namespace DistTrain.Compare.Reporting;

/// <summary>
/// The page of figures in docs/benchmarks: what lies between two markers is replaced, the text around it is
/// people's.
/// </summary>
internal static class Page
{
    private const string Folder = "docs/benchmarks";

    /// <exception cref="UserFaultException">The page or its markers are not there.</exception>
    public static void Replace(string section, string content)
    {
        string path = Checkout.Find($"{Folder}/cluster.md");
        string text = File.ReadAllText(path);
        (string open, string close) = ($"<!-- bench {section} -->\n", $"<!-- end of {section} -->");
        int begin = text.IndexOf(open, StringComparison.Ordinal);
        int end = text.IndexOf(close, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new UserFaultException($"{path}: needs {open.Trim()} and {close}, in this order");
        }
        File.WriteAllText(path, $"{text[..(begin + open.Length)]}\n{content.Trim()}\n\n{text[end..]}");
        Console.Error.WriteLine($"{path}: {section} written");
    }

    /// <summary>Writes a picture beside the page.</summary>
    public static void WritePicture(string name, string svg)
    {
        string path = Path.Combine(Checkout.Find(Folder), name);
        File.WriteAllText(path, svg);
        Console.Error.WriteLine($"{path}: written");
    }
}
