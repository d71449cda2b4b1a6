using DistTrain.Core.Engine;
using DistTrain.LibTorch.Tests.Contract;
using Engine = DistTrain.LibTorch.Tests.Reference.Engine;

namespace DistTrain.TorchSharp.Tests;

/// <summary>TorchSharp, to the suites that every engine must pass.</summary>
public sealed class TorchSharpUnderTest : IEngineUnderTest
{
    public static IEngine Open(bool asDevice = false)
        => new TorchSharpEngine(Engine.Device) { WorksAsDevice = asDevice };

    public static IEngine OpenFor(string? device) => new TorchSharpEngine(device);
}

public sealed class ReplicaTests : ReplicaContract<TorchSharpUnderTest>;

public sealed class DeviceTests : DeviceContract<TorchSharpUnderTest>;

public sealed class GradientTests : GradientContract<TorchSharpUnderTest>;

public sealed class TrainingTests : TrainingContract<TorchSharpUnderTest>;

/// <summary>Run alone: the BLAS's bound is one for the process.</summary>
[CollectionDefinition(nameof(ThreadsTests), DisableParallelization = true)]
public class ThreadsCollection;

[Collection(nameof(ThreadsTests))]
public sealed class ThreadsTests : ThreadsContract<TorchSharpUnderTest>;
