using DistTrain.Core.Engine;
using DistTrain.LibTorch.Tests.Contract;
using Engine = DistTrain.LibTorch.Tests.Reference.Engine;

namespace DistTrain.LibTorch.Tests;

/// <summary>The native engine, to the suites that every engine must pass.</summary>
public sealed class NativeEngine : IEngineUnderTest
{
    public static IEngine Open(bool asDevice = false) => Engine.Open(asDevice);

    public static IEngine OpenFor(string? device) => new LibTorchEngine(device);
}

public sealed class ReplicaTests : ReplicaContract<NativeEngine>;

public sealed class DeviceTests : DeviceContract<NativeEngine>;

public sealed class GradientTests : GradientContract<NativeEngine>;

public sealed class TrainingTests : TrainingContract<NativeEngine>;

/// <summary>Run alone: the BLAS's bound is one for the process.</summary>
[CollectionDefinition(nameof(ThreadsTests), DisableParallelization = true)]
public class ThreadsCollection;

[Collection(nameof(ThreadsTests))]
public sealed class ThreadsTests : ThreadsContract<NativeEngine>;
