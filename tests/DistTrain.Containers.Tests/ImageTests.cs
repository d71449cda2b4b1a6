using DistTrain.Containers.Tests.Harness;

namespace DistTrain.Containers.Tests;

/// <summary>The image by itself.</summary>
[Collection(ContainerTests.Name)]
public sealed class ImageTests
{
    /// <summary>In bytes, unpacked; a promise of docs/containers.md.</summary>
    private const long MostBytes = 600_000_000;

    [SkippableFact]
    public void It_is_small_and_runs_as_a_user_without_rights()
    {
        Engine.Needed();
        long.Parse(Engine.Run("image", "inspect", "--format", "{{.Size}}", Engine.Image))
            .ShouldBeLessThan(MostBytes);
        Engine.Run("image", "inspect", "--format", "{{.Config.User}}", Engine.Image).ShouldBe("10001:10001");
    }

    [SkippableFact]
    public void A_coordinator_without_a_token_says_so_and_ends()
    {
        Engine.Needed();
        ProgramResult result = Engine.Try("run", "--rm", "--read-only", Engine.Image, "coordinator");
        result.ExitCode.ShouldBe(2, result.Errors);
        result.Errors.ShouldContain("lets others on the network in, and there is no token");
    }

    [SkippableFact]
    public void A_token_file_that_is_not_there_is_named()
    {
        Engine.Needed();
        ProgramResult result = Engine.Try(
            "run", "--rm", "--read-only", "--env", "DISTTRAIN_TOKEN_FILE=/run/secrets/token", Engine.Image,
            "worker");
        result.ExitCode.ShouldBe(2, result.Errors);
        result.ErrorLines.ShouldContain(line => line.Contains("/run/secrets/token"));
    }

    [SkippableFact]
    public void No_token_is_told_by_the_image()
    {
        Engine.Needed();
        Engine.Run("image", "inspect", "--format", "{{.Config.Env}}", Engine.Image).ShouldNotContain("TOKEN");
        Engine.Run("run", "--rm", "--entrypoint", "/bin/ls", Engine.Image, "-A", "/run")
            .ShouldNotContain("secrets");
    }
}
