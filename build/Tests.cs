using System.Diagnostics;
using System.Xml.Linq;

namespace DistTrain.Build;

/// <summary>Runs the suites of the solution one after the other, and adds up what they report.</summary>
internal static class Tests
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    private sealed record Result(string Name, string Outcome, string Reason);

    /// <param name="arguments">Nothing, or --filter and an expression.</param>
    /// <returns>0 when tests ran and none failed.</returns>
    public static int Run(string[] arguments)
    {
        if (arguments is not ([] or ["--filter", _]))
        {
            throw new FaultException($"test takes --filter F alone, not '{string.Join(' ', arguments)}'");
        }

        return RunSuite("DistTrain.sln", arguments);
    }

    /// <summary>Runs what is built already: the whole solution, or one project of it.</summary>
    public static int RunSuite(string suite, string[] arguments)
    {
        if (Directory.Exists(Repository.TestResults))
        {
            Directory.Delete(Repository.TestResults, recursive: true);
        }

        var clock = Stopwatch.StartNew();
        // One suite at a time (-m:1): several of them keep every core busy by themselves.
        int exitCode = Tool.Show("dotnet",
        [
            "test", suite, "-c", "Release", "--no-build", "-m:1", "--logger", "trx",
            "--logger", "console;verbosity=minimal", "--results-directory", Repository.TestResults,
            "--blame-hang-timeout", "15m", "--blame-hang-dump-type", "none", .. arguments,
        ]);
        List<Result> results = [.. ReadResults()];
        return Report(results, exitCode, clock.Elapsed);
    }

    private static int Report(List<Result> results, int exitCode, TimeSpan elapsed)
    {
        int passed = results.Count(r => r.Outcome == "Passed");
        List<Result> skipped = results.FindAll(r => r.Outcome == "NotExecuted");
        List<Result> failed = results.FindAll(r => r.Outcome is not ("Passed" or "NotExecuted"));
        skipped.ForEach(r => Console.WriteLine($"skipped: {r.Name}: {r.Reason}"));
        failed.ForEach(r => Console.WriteLine($"failed: {r.Name}"));
        if (passed + failed.Count == 0)
        {
            Console.WriteLine("no test ran");
        }
        else if (exitCode != 0 && failed.Count == 0)
        {
            Console.WriteLine($"a suite broke off: dotnet test ended with {exitCode}, yet no test failed");
        }

        Console.WriteLine($"tests took {elapsed.TotalSeconds:F1} s");
        Console.WriteLine($"{passed} passed, {failed.Count} failed, {skipped.Count} skipped");
        return exitCode == 0 && failed.Count == 0 && passed > 0 ? 0 : 1;
    }

    private static IEnumerable<Result> ReadResults()
    {
        if (!Directory.Exists(Repository.TestResults))
        {
            return [];
        }

        const SearchOption Deep = SearchOption.AllDirectories;
        return from file in Directory.EnumerateFiles(Repository.TestResults, "*.trx", Deep)
               from result in XDocument.Load(file).Descendants(Trx + "UnitTestResult")
               let name = (string)result.Attribute("testName")!
               let texts = result.Descendants(Trx + "Message").Concat(result.Descendants(Trx + "StdOut"))
               let reason = texts.FirstOrDefault()?.Value.Trim().ReplaceLineEndings(" ") ?? "no reason given"
               orderby name
               select new Result(name, (string)result.Attribute("outcome")!, reason);
    }
}
