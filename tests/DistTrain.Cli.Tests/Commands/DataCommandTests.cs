using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Commands;

public sealed class DataCommandTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void List_names_every_set()
    {
        ProgramResult result = Disttrain.Run(_workspace, "data", "list");
        result.ExitCode.ShouldBe(0, result.Errors);
        result.OutputLines.Where(line => line[0] != ' ').Select(line => line.Split(' ')[0])
            .ShouldBe(["strokes", "mnist", "fashion-mnist", "cifar10"]);
        result.Output.ShouldContain("disttrain data get fashion-mnist");
    }

    [SkippableFact]
    public void Verify_counts_the_real_MNIST()
    {
        string folder = Needs.SharedData("mnist");
        ProgramResult result = Disttrain.Run(_workspace, "data", "verify", folder);
        result.ExitCode.ShouldBe(0, result.Errors);
        result.Output.ShouldContain(
            "60,000 samples of 1×28×28; per class 5923 6742 5958 6131 5842 5421 5918 6265 5851 5949");
        result.Output.ShouldContain(
            "10,000 samples of 1×28×28; per class 980 1135 1032 1010 982 892 958 1028 974 1009");
    }

    [Fact]
    public void Verify_says_what_is_wrong_with_a_set_and_ends_with_2()
    {
        string folder = SmallSets.WriteIdx(_workspace, "mnist", train: 20, test: 10);
        Disttrain.Run(_workspace, "data", "verify", folder).ExitCode.ShouldBe(0);
        File.Delete(Path.Combine(folder, "t10k-labels-idx1-ubyte"));
        ProgramResult result = Disttrain.Run(_workspace, "data", "verify", folder);
        result.ExitCode.ShouldBe(2);
        result.Errors.ShouldStartWith("disttrain: ");
        result.Errors.ShouldContain("t10k-labels-idx1-ubyte");
        Disttrain.Refuse(_workspace, "data", "verify", "nowhere").ShouldHaveSingleItem()
            .ShouldContain("nowhere: there is no such folder");
    }

    [Fact]
    public void Get_knows_which_sets_there_are()
    {
        Disttrain.Refuse(_workspace, "data", "get", "minst").ShouldHaveSingleItem()
            .ShouldContain("known are strokes, mnist, fashion-mnist, cifar10");
        Disttrain.Refuse(_workspace, "data", "get", "strokes").ShouldHaveSingleItem()
            .ShouldContain("there is nothing to download");
        Disttrain.Refuse(_workspace, "data", "get", "mnist", "--mirror", "ftp://x").ShouldHaveSingleItem()
            .ShouldContain("not an http or https address");
    }
}
