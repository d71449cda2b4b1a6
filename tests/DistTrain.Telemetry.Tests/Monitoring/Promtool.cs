using System.Diagnostics;
using System.Text;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>Prometheus' own checker of texts, rules and configurations.</summary>
internal static class Promtool
{
    private const string Program = "/usr/bin/promtool";

    /// <summary>Runs it on a text; it must be content.</summary>
    /// <returns>What it says, which is nothing where it checks metrics and has no complaint.</returns>
    public static string Run(string input, params string[] arguments)
    {
        Skip.IfNot(File.Exists(Program), "there is no promtool here: apt-get install prometheus");
        using Process process = Process.Start(new ProcessStartInfo(Program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        string said = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        process.ExitCode.ShouldBe(0, said);
        return said;
    }
}
