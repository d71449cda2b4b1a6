using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DistTrain.Deploy.Tests.Rendering;

/// <summary>
/// Renders overlays: by kubectl, which has kustomize built in, by kustomize itself, or by the one that
/// <c>./build.sh test</c> has fetched.
/// </summary>
internal static partial class Kustomize
{
    /// <summary>Older ones do not take a folder among the resources.</summary>
    private const int OldestMajor = 4;

    private static readonly Lazy<(string? File, string[] Leading, string Missing)> Tool = new(Find);

    public sealed record Result(int ExitCode, string Output, string Errors);

    /// <summary>Renders a folder with a kustomization; the test is skipped where no tool is.</summary>
    public static Result Render(string folder)
    {
        (string? file, string[] leading, string missing) = Tool.Value;
        Skip.If(file is null, missing);
        return Run(file!, [.. leading, folder])
            ?? throw new InvalidOperationException($"{file} cannot be started any more");
    }

    private static (string?, string[], string) Find()
    {
        const string Wanted = "overlays are rendered by kubectl or kustomize";
        string[] tooOld = [];
        foreach ((string file, string[] version, string[] leading) in ((string, string[], string[])[])
        [
            ("kubectl", ["version", "--client"], ["kustomize"]),
            ("kustomize", ["version"], ["build"]),
            (Repository.PathOf("artifacts/tools/kustomize/usr/bin/kustomize"), ["version"], ["build"]),
        ])
        {
            if (Run(file, version) is not { ExitCode: 0 } answer)
            {
                continue;
            }

            Match found = VersionNumber().Match(answer.Output);
            // Debian's own builds of kustomize call themselves "(devel)", and are all new enough.
            if (found.Success ? int.Parse(found.Groups["major"].Value) >= OldestMajor : file != "kubectl")
            {
                return (file, leading, "");
            }

            tooOld = [.. tooOld, file];
        }

        return (null, [], tooOld is []
            ? $"{Wanted}, and neither is here"
            : $"{Wanted} with kustomize {OldestMajor} or newer; older here: {string.Join(", ", tooOld)}");
    }

    private static Result? Run(string file, string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(file, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new Result(process.ExitCode, output, errors.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    // "Kustomize Version: v5.5.0" of kubectl, "v5.6.0" of kustomize.
    [GeneratedRegex(@"(Kustomize Version: |^)v(?<major>\d+)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionNumber();
}
