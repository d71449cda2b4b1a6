using System.CommandLine;
using System.Text.RegularExpressions;
using DistTrain.Cli;
using DistTrain.Cli.Settings;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

/// <summary>What docs/kubernetes.md and the README tell a reader to type is there.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents { get; } = ["docs/kubernetes.md", "README.md"];

    [SkippableTheory]
    [MemberData(nameof(Documents))]
    public void Every_command_of_the_program_is_one_it_takes(string document)
    {
        string[] commands =
        [
            .. CodeLines(document).Select(line => Command().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups["words"].Value)
                .Where(words => !words.Contains("…", StringComparison.Ordinal)),
        ];
        commands.Length.ShouldBeGreaterThan(3);
        foreach (string command in commands)
        {
            string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            CommandLineFaults.Of(Grammar.For(CommandContext.OfProcess(), words).Parse(words))
                .ShouldBeEmpty(command);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Documents))]
    public void Every_path_given_to_kubectl_is_there(string document)
    {
        string[] paths =
        [
            .. CodeLines(document).SelectMany(line => Manifest().Matches(line))
                .Select(match => match.Groups["path"].Value),
        ];
        paths.Length.ShouldBeGreaterThan(1);
        paths.ShouldAllBe(path => Path.Exists(Repository.PathOf(path)));
    }

    [SkippableTheory]
    [MemberData(nameof(Documents))]
    public void Every_object_that_kubectl_is_to_act_on_is_in_the_overlays(string document)
    {
        Overlay rendered = Overlay.Of("gpu");
        string[] named =
        [
            .. Regex.Matches(File.ReadAllText(Repository.PathOf(document)),
                "(?<kind>deployment|statefulset|service)/(?<name>[a-z-]+)", RegexOptions.None, Patience)
                .Select(match => $"{match.Groups["kind"].Value}/{match.Groups["name"].Value}"),
        ];
        named.Length.ShouldBeGreaterThan(1);
        IEnumerable<string> made = rendered.Objects.Select(
            one => $"{((string)one["kind"]!).ToLowerInvariant()}/{Overlay.NameOf(one)}");
        named.Except(made).ShouldBeEmpty();
    }

    [SkippableFact]
    public void Every_setting_it_names_is_one()
        => Variable().Matches(File.ReadAllText(Repository.PathOf("docs/kubernetes.md")))
            .Select(match => match.Value)
            .Except(SettingTable.All.Select(setting => setting.Variable))
            .ShouldBeEmpty();

    /// <summary>The lines of fenced blocks, without what stands behind them as a comment.</summary>
    private static IEnumerable<string> CodeLines(string document)
    {
        bool isCode = false;
        foreach (string line in File.ReadLines(Repository.PathOf(document)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (isCode)
            {
                yield return line.Split("  #")[0];
            }
        }
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(1);

    // At the beginning of a line, or for a pod: kubectl exec … -- disttrain ….
    [GeneratedRegex("(^|-- )disttrain (?<words>[^|>&\"']+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();

    [GeneratedRegex("apply -[kf] (?<path>k8s[^ ]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Manifest();

    // What a service link would be called is no setting, and is written with an ellipsis.
    [GeneratedRegex("(?>DISTTRAIN_[A-Z_]*[A-Z])(?!_?…)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
