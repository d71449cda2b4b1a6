using DistTrain.Core.Engine;
using DistTrain.TorchSharp;

namespace DistTrain.Cli.Engines;

/// <summary>TorchSharp in a build that has it; TorchSharpAbsent.cs stands in for it elsewhere.</summary>
internal static class TorchSharpPart
{
    /// <exception cref="Core.UserFaultException">Its native library or the device is missing.</exception>
    public static IEngine Open(string device) => new TorchSharpEngine(device);
}
