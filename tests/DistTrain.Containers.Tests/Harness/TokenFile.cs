using System.Diagnostics;

namespace DistTrain.Containers.Tests.Harness;

/// <summary>The token of one cluster, in a file as a user of the images makes it.</summary>
internal sealed class TokenFile
{
    /// <summary>Of the containers; the file is theirs alone.</summary>
    private const string User = "10001";

    public TokenFile(Workspace workspace)
    {
        Path = workspace.Write("token", Token + "\n");
        const string Commands = "chown \"$1\" \"$2\" && chmod 400 \"$2\" && chmod 755 \"$(dirname \"$2\")\"";
        using Process shell = Process.Start("/bin/sh", ["-c", Commands, "sh", User, Path]);
        shell.WaitForExit();
        shell.ExitCode.ShouldBe(0);
    }

    public string Token { get; } = Guid.NewGuid().ToString("N");

    public string Path { get; }
}
