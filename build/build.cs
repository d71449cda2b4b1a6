#!/usr/bin/env dotnet
using DistTrain.Build;

const string Help = """
    usage: ./build.sh TARGET [ARGUMENTS]

      setup              install what is missing (Debian and Ubuntu; elsewhere say what is needed)
      build [--with P,…] native library, solution and a runnable artifacts/disttrain/disttrain; parts whose
                         packages do not restore are left out, unless P asks for them: akka, torchsharp
      page [--check]     the live page alone, artifacts/page; a part of build, and needs no Node.js; with
                         --check its types are checked as well, as test does
      train …            setup, build what training needs, then `disttrain train …`
      test [--filter F] [--with P,…]
                         setup, build, run every test; F as in `dotnet test --filter`, P as for build
      test-containers [--filter F]
                         the image, then its tests, a cluster of containers and its faults (docker, or podman,
                         installed on Debian as root); exit code 3 with the reason where that cannot be
      bench …            setup, build, compare DistTrain with PyTorch on this machine: one process, a cluster,
                         the exchange, pauses, growth, metrics; `bench --help` lists sections
      format [--check]   format the sources, or with --check only say whether they are
      clean              remove everything that was built

    Every target does only what is left to do. LIBTORCH=/path names a libtorch of your own (an unpacked
    libtorch archive); without it Debian's libtorch-dev is used.
    """;

string target = args.Length == 0 ? "--help" : args[0];
string[] rest = args.Skip(1).ToArray();
try
{
    // `train --help` and `bench --help` belong to the programs behind them.
    bool passesOn = target is "train" or "bench";
    if (target is "--help" or "-h" or "help" || (!passesOn && rest.Any(a => a is "--help" or "-h")))
    {
        Console.WriteLine(Help);
        return 0;
    }

    return target switch
    {
        "setup" => NoMore(rest, InstallAll),
        "build" => NoMore(Optional.Settle(rest), BuildAll),
        "page" => BundlePage(rest),
        "train" => Train(rest),
        "test" => Test(rest),
        "test-containers" => Containers.Test(rest),
        "bench" => Bench(rest),
        "format" => Format(rest),
        "clean" => NoMore(rest, Clean),
        _ => throw new FaultException($"no target '{target}'; --help lists them"),
    };
}
catch (FaultException fault)
{
    Console.Error.WriteLine($"build: {fault.Message}");
    return fault.ExitCode;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"build: {e.Message}");
    return 2;
}

int InstallAll()
{
    if (!Setup.Run(withReference: false))
    {
        Tool.Say("setup: nothing is missing");
    }

    return 0;
}

int BuildAll()
{
    bool anything = Steps.Native() | Page.Bundle() | Steps.Solution() | Steps.Program();
    Tool.Say(anything ? $"ready: {Repository.Executable}" : "up to date");
    return 0;
}

int BundlePage(string[] arguments)
{
    if (arguments is not ([] or ["--check"]))
    {
        throw new FaultException($"page takes --check or nothing, not '{string.Join(' ', arguments)}'");
    }

    bool anything = Page.Bundle();
    if (arguments is ["--check"])
    {
        anything |= Page.CheckTypes();
    }

    if (!anything)
    {
        Tool.Say("up to date");
    }

    return 0;
}

int Train(string[] arguments)
{
    Setup.Run(withReference: false);
    Optional.Settle([]);
    Steps.Native();
    Page.Bundle();
    Steps.Program();
    return Tool.Become(Repository.Executable, ["train", .. arguments]);
}

int Test(string[] arguments)
{
    Setup.Run(withReference: true);
    Setup.InstallBrowser();
    Kustomize.Provide();
    Page.CheckTypes();
    string[] remaining = Optional.Settle(arguments);
    BuildAll();
    return Tests.Run(remaining);
}

int Bench(string[] arguments)
{
    const string Project = "benchmarks/DistTrain.Compare";
    if (!Directory.Exists(Repository.PathOf(Project)))
    {
        throw new FaultException($"there is no {Project} yet");
    }

    Setup.Run(withReference: true);
    Optional.Settle([]);
    Steps.Native();
    Steps.Program();
    string[] run = ["run", "-c", "Release", "--project", Repository.PathOf(Project), "--", .. arguments];
    return Tool.Become("dotnet", run);
}

int Format(string[] arguments)
{
    if (arguments is not ([] or ["--check"]))
    {
        throw new FaultException($"format takes --check or nothing, not '{string.Join(' ', arguments)}'");
    }

    string[] check = arguments is [] ? [] : ["--verify-no-changes"];
    // The solution's projects with all rules; the build program, which no project holds, by its layout.
    Tool.Run("format: solution", "dotnet", ["format", "DistTrain.sln", .. check]);
    Tool.Run("format: build program", "dotnet", ["format", "whitespace", "build", "--folder", .. check]);
    return 0;
}

int Clean()
{
    foreach (string folder in Repository.BuiltFolders().Append(Repository.Artifacts).Where(Directory.Exists))
    {
        Directory.Delete(folder, recursive: true);
        Tool.Say($"removed {Path.GetRelativePath(Repository.Root, folder)}");
    }

    return 0;
}

static int NoMore(string[] arguments, Func<int> run) => arguments is []
    ? run()
    : throw new FaultException($"unexpected '{string.Join(' ', arguments)}'; this target takes no arguments");
