using DistTrain.Core.Engine;

namespace DistTrain.LibTorch.Tests.Contract;

/// <summary>
/// An engine that the suites of this folder are run against: derive each of them with one of these.
/// </summary>
public interface IEngineUnderTest
{
    /// <summary>The engine, or a skip that says how to get it.</summary>
    /// <param name="asDevice">Its replicas work on the CPU as they would on a GPU.</param>
    static abstract IEngine Open(bool asDevice = false);

    /// <summary>As the program opens it for a device; null: for none yet.</summary>
    static abstract IEngine OpenFor(string? device);
}
