using System.Xml.Linq;

namespace DistTrain.Build;

/// <summary>
/// Parts that need packages which not every registry has. Each is built where its packages restore and left
/// out, with a line that says so, where they do not; what was found is written down for the projects, which
/// read it from artifacts/optional/Optional.props.
/// </summary>
internal static class Optional
{
    private const string Option = "--with";

    private static readonly Part[] Parts =
    [
        new("akka", "Akka.NET", "WithAkka", ["Akka.Cluster.Tools", "Akka.TestKit.Xunit2"]),
        new("torchsharp", "TorchSharp", "WithTorchSharp", ["TorchSharp-cpu"]),
    ];

    private static readonly string File = Repository.PathOf("artifacts/optional/Optional.props");

    /// <param name="Key">As it is named on the command line.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Property">MSBuild's name for whether it is built.</param>
    /// <param name="Packages">What it refers to, in the versions of Directory.Packages.props.</param>
    private sealed record Part(string Key, string Name, string Property, string[] Packages);

    /// <summary>
    /// Takes <c>--with a,b</c> out of a target's arguments, finds out what restores and writes it down.
    /// </summary>
    /// <returns>The other arguments.</returns>
    /// <exception cref="FaultException">An unknown part, or one whose packages do not restore.</exception>
    public static string[] Settle(string[] arguments)
    {
        int at = Array.IndexOf(arguments, Option);
        if (at < 0)
        {
            Probe([]);
            return arguments;
        }

        if (at + 1 == arguments.Length)
        {
            throw new FaultException($"{Option} takes a list of {Known()}");
        }

        Probe([.. arguments[at + 1].Split(',').Select(Find)]);
        return [.. arguments[..at], .. arguments[(at + 2)..]];
    }

    /// <summary>
    /// An answer stands until versions or package sources change; a part that is asked for by name is
    /// asked about again.
    /// </summary>
    private static void Probe(IReadOnlyCollection<Part> wanted)
    {
        string sources = Tool.Ask("dotnet", "nuget", "list", "source", "--format", "short") ?? "";
        IEnumerable<Part> missing = Parts.Except(Found());
        string asked = missing.Any(wanted.Contains) ? $"{DateTime.UtcNow:O}" : "";
        Stamp.Guard(
            "optional", ["Directory.Packages.props", "nuget.config"], sources + asked, [File],
            () => Write([.. Parts.Where(Restores)]));
        Part[] found = [.. Found()];
        foreach (Part part in wanted.Except(found))
        {
            throw new FaultException(
                $"{part.Name} cannot be built: its packages do not restore from the sources that "
                + "`dotnet nuget list source` lists; leave out "
                + $"`{Option} {part.Key}` to build without it, or add a source that has them");
        }

        foreach (Part part in Parts)
        {
            string state = found.Contains(part)
                ? "built, its packages restore"
                : $"left out, its packages do not restore (`build {Option} {part.Key}` asks again)";
            Tool.Say($"{part.Name}: {state}");
        }
    }

    /// <summary>Whether a project with just these packages restores.</summary>
    private static bool Restores(Part part)
    {
        string folder = Repository.PathOf("artifacts/optional", part.Key);
        Directory.CreateDirectory(folder);
        var references = part.Packages.Select(package =>
            new XElement("PackageReference", new XAttribute("Include", package)));
        // It inherits framework and versions from the files in the repository's root.
        var project = new XElement(
            "Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"), new XElement("ItemGroup", references));
        string file = Path.Combine(folder, "probe.csproj");
        project.Save(file);
        return Tool.Ask("dotnet", "restore", file, "-v", "q") is not null;
    }

    private static void Write(Part[] found)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        new XElement("Project", new XElement(
            "PropertyGroup", Parts.Select(part =>
                new XElement(part.Property, found.Contains(part) ? "true" : "false")))).Save(File);
    }

    private static IEnumerable<Part> Found()
    {
        if (!System.IO.File.Exists(File))
        {
            return [];
        }

        XElement settings = XElement.Load(File).Element("PropertyGroup")!;
        return Parts.Where(part => (string?)settings.Element(part.Property) == "true");
    }

    private static Part Find(string key)
        => Array.Find(Parts, part => part.Key == key)
            ?? throw new FaultException($"{Option} knows {Known()}, not '{key}'");

    private static string Known() => string.Join(" and ", Parts.Select(part => part.Key));
}
