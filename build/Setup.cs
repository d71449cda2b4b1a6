namespace DistTrain.Build;

/// <summary>
/// Sees to what the build needs beyond .NET: a C++ compiler, CMake and libtorch. What dpkg already knows is
/// not asked of apt, so that a machine that has everything is not slowed down.
/// </summary>
internal static class Setup
{
    private const StringComparison Exact = StringComparison.Ordinal;

    /// <param name="withReference">PyTorch as well: tests and benchmarks compare with it.</param>
    /// <returns>True when something was installed.</returns>
    public static bool Run(bool withReference)
    {
        CheckOwnLibTorch();
        if (!IsDebian())
        {
            CheckElsewhere(withReference);
            return false;
        }

        string[] wanted =
        [
            "g++", "make", "cmake", "libopenblas0-pthread",
            .. Repository.LibTorch is null ? ["libtorch-dev"] : Array.Empty<string>(),
            .. withReference ? ["python3-torch", "iproute2"] : Array.Empty<string>(),
        ];
        return Install(wanted);
    }

    /// <summary>
    /// The browser that the live page is tested in. Ubuntu has it as no package; tests say so where there is
    /// none.
    /// </summary>
    public static void InstallBrowser()
    {
        try
        {
            if (IsDebian())
            {
                Install(["chromium", "fonts-dejavu-core"]);
            }
        }
        catch (FaultException fault)
        {
            Tool.Say($"no Chromium ({fault.Message}); tests of the live page will be skipped");
        }
    }

    /// <summary>Installs the packages of these that Debian's dpkg does not know to be there.</summary>
    /// <returns>True when something was installed.</returns>
    public static bool Install(string[] wanted)
    {
        string[] missing = [.. wanted.Except(Installed(wanted))];
        if (missing.Length == 0)
        {
            return false;
        }

        Tool.Say($"installing {string.Join(' ', missing)}");
        string[] prefix = Environment.IsPrivilegedProcess ? [] : ["sudo"];
        if (prefix.Length > 0 && Tool.Ask("which", "sudo") is null)
        {
            throw new FaultException($"no root, no sudo; missing: apt install {string.Join(' ', missing)}");
        }

        string[] apt = [.. prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"];
        Tool.Run("setup: package lists", apt[0], [.. apt[1..], "update"]);
        string[] install = [.. apt[1..], "install", "-y", "--no-install-recommends", .. missing];
        Tool.Run("setup: packages", apt[0], install);
        return true;
    }

    private static void CheckOwnLibTorch()
    {
        const string Config = "share/cmake/Torch/TorchConfig.cmake";
        if (Repository.LibTorch is { } path && !File.Exists(Path.Combine(path, Config)))
        {
            throw new FaultException($"LIBTORCH={path} holds no {Config}; name an unpacked libtorch there");
        }
    }

    private static bool IsDebian()
    {
        // ID=debian, or ID_LIKE=debian (Ubuntu).
        const string Release = "/etc/os-release";
        return File.Exists(Release) && File.ReadLines(Release).Any(line => line.StartsWith("ID", Exact)
            && line.Contains("debian", Exact));
    }

    private static IEnumerable<string> Installed(string[] packages)
    {
        // dpkg-query fails when it does not know one of the names, yet lists the others.
        const string Query = "dpkg-query -W -f '${Package} ${db:Status-Status}\\n' \"$@\" 2>/dev/null; true";
        string known = Tool.Ask("sh", ["-c", Query, "dpkg-query", .. packages]) ?? "";
        return from line in known.Split('\n')
               where line.EndsWith(" installed", Exact)
               select line.Split(' ')[0];
    }

    /// <summary>Other systems: nothing is installed here; what cannot be found is named.</summary>
    private static void CheckElsewhere(bool withReference)
    {
        (string Need, bool There)[] needs =
        [
            ("a C++17 compiler (g++, clang++ or MSVC)",
                OperatingSystem.IsWindows() || Tool.Ask("c++", "--version") is not null),
            ("make or Ninja: from your package manager", Tool.Ask("make", "--version") is not null
                || Tool.Ask("ninja", "--version") is not null),
            ("CMake 3.18 or newer: https://cmake.org/download", Tool.Ask("cmake", "--version") is not null),
            ("libtorch: https://pytorch.org/get-started/locally, unpacked, and LIBTORCH=/path/to/libtorch",
                Repository.LibTorch is not null),
            ("PyTorch for python3 (pip install torch): tests and benchmarks compare with it",
                !withReference || Tool.Ask("python3", "-c", "import torch") is not null),
        ];
        string[] missing = [.. needs.Where(need => !need.There).Select(need => need.Need)];
        if (missing.Length > 0)
        {
            string list = string.Join('\n', missing.Select(need => "  - " + need));
            throw new FaultException($"this system's packages are yours to install; missing:\n{list}");
        }
    }
}
