using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

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
        => Finish(new ProcessStartInfo(Program!, arguments));

    /// <summary>Runs a program to its end.</summary>
    public static ProgramResult Finish(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramResult(process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    /// <summary>A port of this machine that a container can be published at.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
