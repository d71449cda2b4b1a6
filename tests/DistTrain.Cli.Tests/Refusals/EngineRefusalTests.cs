using DistTrain.Cli.Tests.Harness;
using DistTrain.Cli.Tests.Training;

namespace DistTrain.Cli.Tests.Refusals;

/// <summary>Engines that are not there, or not for this model.</summary>
public sealed class EngineRefusalTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    private static readonly bool IsBuilt =
        File.Exists(Path.Combine(AppContext.BaseDirectory, "DistTrain.TorchSharp.dll"));

    [Fact]
    public void An_unknown_engine_is_refused()
        => Refuse("--engine", "tensorflow").ShouldHaveSingleItem()
            .ShouldEndWith("--engine tensorflow: is not known; use libtorch or torchsharp");

    [Fact]
    public void A_module_is_not_for_the_native_engine()
        => Refuse("--engine", "libtorch", "--model-assembly", "my.dll", "--model-type", "My.Net")
            .ShouldHaveSingleItem()
            .ShouldEndWith("--engine libtorch: model.assembly is a TorchSharp module; leave --engine out");

    [SkippableTheory]
    [InlineData("--engine", "torchsharp")]
    [InlineData("--model-assembly", "my.dll", "--model-type", "My.Net")]
    public void A_build_without_TorchSharp_says_how_to_get_it(params string[] options)
    {
        Skip.If(IsBuilt, "this build has TorchSharp");
        Refuse(options).ShouldHaveSingleItem().ShouldEndWith(
            "this build is without TorchSharp, which model.assembly and the engine torchsharp need: run "
            + "`./build.sh build --with torchsharp` where its packages restore; see docs/torchsharp.md");
    }

    [SkippableFact]
    public void A_build_with_TorchSharp_looks_for_the_module()
    {
        Skip.IfNot(IsBuilt, "this build is without TorchSharp");
        Refuse("--model-assembly", "nowhere.dll", "--model-type", "My.Net").ShouldHaveSingleItem()
            .ShouldEndWith("nowhere.dll: there is no such file");
    }

    private string[] Refuse(params string[] more) => Disttrain.Refuse(small.Workspace,
        ["train", "--quiet", "--dataset", "mnist", "--data", small.Data, "--validation", "80", .. more]);
}
