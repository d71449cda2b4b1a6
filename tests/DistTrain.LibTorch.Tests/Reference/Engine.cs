namespace DistTrain.LibTorch.Tests.Reference;

/// <summary>The engine under test, or a skip that says how to get it.</summary>
internal static class Engine
{
    public static LibTorchEngine Open()
    {
        Skip.IfNot(LibTorchEngine.IsBuilt, "the native library is not built: run `./build.sh build`");
        return new LibTorchEngine();
    }
}
