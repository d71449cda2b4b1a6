using DistTrain.Core;
using DistTrain.Core.Engine;

namespace DistTrain.Cli.Engines;

/// <summary>TorchSharp in a build without it; TorchSharpPresent.cs stands in for it elsewhere.</summary>
internal static class TorchSharpPart
{
    /// <exception cref="UserFaultException">Always: what is missing, and how to get it.</exception>
    public static IEngine Open(string device) => throw new UserFaultException(
        "this build is without TorchSharp, which model.assembly and the engine torchsharp need: "
        + "run `./build.sh build --with torchsharp` where its packages restore; see docs/torchsharp.md");
}
