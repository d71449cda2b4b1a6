using System.Diagnostics;

namespace DistTrain.Containers.Tests.Harness;

/// <summary>
/// The container engine, docker or podman, that <c>./build.sh test-containers</c> names together with the
/// image it has built. Without them the tests are skipped.
/// </summary>
internal static class Engine
{
    private static readonly string? Program = Environment.GetEnvironmentVariable("CONTAINER_ENGINE");

    public static string Image => Environment.GetEnvironmentVariable("CONTAINER_IMAGE")!;

    public static void Needed()
        => Skip.If(
            string.IsNullOrEmpty(Program) || string.IsNullOrEmpty(Image),
            "no container engine and image are named; ./build.sh test-containers does");

    /// <summary>What a call prints, when it must succeed.</summary>
    public static string Run(params IReadOnlyList<string> arguments)
    {
        ProgramResult result = Try(arguments);
        result.ExitCode.ShouldBe(0, $"{Program} {string.Join(' ', arguments)}\n{result.Errors}");
        return result.Output.Trim();
    }

    /// <summary>A call that may fail; what came of it.</summary>
    public static ProgramResult Try(params IReadOnlyList<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Program!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramResult(process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
