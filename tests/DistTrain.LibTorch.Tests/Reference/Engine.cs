namespace DistTrain.LibTorch.Tests.Reference;

/// <summary>The engine under test, or a skip that says how to get it.</summary>
internal static class Engine
{
    /// <summary>What replicas compute on: "cpu", or what the variable names, such as "cuda:0".</summary>
    public static string Device { get; } =
        Environment.GetEnvironmentVariable("DISTTRAIN_TEST_DEVICE") is { Length: > 0 } given ? given : "cpu";

    /// <param name="asDevice">Its replicas work on the CPU as they would on a GPU.</param>
    public static LibTorchEngine Open(bool asDevice = false)
    {
        Skip.IfNot(LibTorchEngine.IsBuilt, "the native library is not built: run `./build.sh build`");
        return new LibTorchEngine(Device) { WorksAsDevice = asDevice };
    }
}
