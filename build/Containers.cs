namespace DistTrain.Build;

/// <summary>
/// The image, and the tests of a cluster of containers. A docker engine that answers is taken as it is, with
/// the public base images. Elsewhere on Debian podman is installed, and the base images are made on the spot.
/// </summary>
internal static class Containers
{
    /// <summary>Exit code: this machine cannot do it, and nothing was found to be wrong.</summary>
    public const int CannotRunHere = 3;

    private const string Image = "localhost/disttrain:cpu";
    private const string Suite = "tests/DistTrain.Containers.Tests";

    /// <returns>0: all tests passed; <see cref="CannotRunHere"/>: the reason has been said.</returns>
    public static int Test(string[] arguments)
    {
        if (arguments is not ([] or ["--filter", _]))
        {
            throw new FaultException(
                $"test-containers takes --filter F alone, not '{string.Join(' ', arguments)}'");
        }

        if (WhyNot() is { } reason)
        {
            Tool.Say($"test-containers: not here: {reason}");
            return CannotRunHere;
        }

        Setup.Run(withReference: false);
        Steps.Native();
        bool docker = DockerAnswers();
        if (docker)
        {
            Tool.Run("image", "docker",
                ["build", "-f", "docker/Dockerfile", "--target", "cpu", "-t", Image, "."]);
        }
        else
        {
            try
            {
                Podman.Prepare();
                Environment.SetEnvironmentVariable("PROMETHEUS_IMAGE", Podman.Prometheus);
            }
            catch (FaultException fault)
            {
                // Packages and base images come from outside; a machine that cannot reach them has no fault.
                Tool.Say($"test-containers: not here: {fault.Message}");
                return CannotRunHere;
            }
            if (!Podman.Works())
            {
                Tool.Say("test-containers: not here: podman is installed and cannot start a container");
                return CannotRunHere;
            }

            Podman.BuildImage(Image);
        }

        NameCompose(docker);
        Environment.SetEnvironmentVariable("CONTAINER_ENGINE", docker ? "docker" : "podman");
        Environment.SetEnvironmentVariable("CONTAINER_IMAGE", Image);
        Tool.Run("tests: build", "dotnet", ["build", Suite, "-c", "Release", "-v", "q"]);
        int exitCode = Tests.RunSuite(Suite, arguments);
        string size = Tool.Ask(
            docker ? "docker" : "podman", "image", "inspect", "--format", "{{.Size}}", Image) ?? "";
        Tool.Say($"test-containers: the image has {size.Trim()} bytes");
        foreach (string figure in Figures())
        {
            Tool.Say($"test-containers: {figure}");
        }

        return exitCode;
    }

    /// <summary>Tells the tests which compose there is; whoever has another names it beforehand.</summary>
    private static void NameCompose(bool docker)
    {
        const string Variable = "CONTAINER_COMPOSE";
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            return;
        }

        string[] command = docker ? ["docker", "compose"] : ["podman-compose"];
        if (Tool.Ask(command[0], [.. command[1..], "version"]) is null)
        {
            Tool.Say($"test-containers: no {string.Join(' ', command)}; tests of compose are skipped");
            return;
        }

        Environment.SetEnvironmentVariable(Variable, string.Join(' ', command));
    }

    /// <summary>What the tests have measured, as they said it.</summary>
    private static IEnumerable<string> Figures() =>
        from file in Directory.EnumerateFiles(Repository.TestResults, "*.trx", SearchOption.AllDirectories)
        from line in File.ReadLines(file)
        let at = line.IndexOf("measured: ", StringComparison.Ordinal)
        where at >= 0
        select line[at..];

    private static bool DockerAnswers()
        => Tool.Ask("docker", "info", "--format", "{{.ServerVersion}}")?.Trim() is { Length: > 0 };

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "the images are for Linux, and so are their tests";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "networks are cut and files given to the containers' user, which needs root";
        }

        return DockerAnswers() || File.Exists("/etc/debian_version")
            ? null
            : "no docker engine answers, and podman is installed on Debian alone";
    }
}
