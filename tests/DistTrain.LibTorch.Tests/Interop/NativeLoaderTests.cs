using System.Diagnostics;
using DistTrain.Core;
using DistTrain.LibTorch.Interop;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.LibTorch.Tests.Interop;

/// <summary>What DISTTRAIN_NATIVE may be set to, right and wrong: one clear line each.</summary>
public sealed class NativeLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nowhere.so")]
    [InlineData("no/such/folder")]
    [InlineData("")]
    public void A_variable_that_points_nowhere_is_a_clear_fault(string name)
    {
        // The folder itself exists and holds no library.
        string given = _folder.File(name);

        var fault = Should.Throw<UserFaultException>(() => NativeLoader.Open(given));

        fault.Message.ShouldStartWith($"DISTTRAIN_NATIVE is {given}, where there is no ");
        fault.Message.ShouldNotContain('\n');
        NativeLoader.Find(given).ShouldBeNull();
    }

    [Theory]
    [InlineData("no library at all")]
    [InlineData("\u007fELF and then nothing of the kind")]
    [InlineData("")]
    public void A_file_that_is_no_library_is_a_clear_fault(string content)
    {
        string given = _folder.File("broken.so");
        File.WriteAllText(given, content);

        var fault = Should.Throw<UserFaultException>(() => NativeLoader.Open(given));

        fault.Message.ShouldStartWith($"the native library {given} cannot be loaded");
        fault.Message.ShouldNotContain('\n');
    }

    [SkippableFact]
    public void A_library_of_another_version_is_a_clear_fault()
    {
        string given = Compile("extern \"C\" unsigned dt_abi_version() { return 99; }");

        Should.Throw<UserFaultException>(() => NativeLoader.Open(given)).Message.ShouldBe(
            $"the native library {given} speaks version 99 of the interface, this program "
            + $"{Native.DT_ABI_VERSION}: run `./build.sh build` again");
    }

    [SkippableFact]
    public void A_library_of_something_else_is_a_clear_fault()
    {
        string given = Compile("extern \"C\" int answer() { return 42; }");

        Should.Throw<UserFaultException>(() => NativeLoader.Open(given)).Message
            .ShouldStartWith($"{given} is not DistTrain's native library");
    }

    [SkippableFact]
    public void A_folder_that_holds_the_library_is_as_good_as_its_file()
    {
        Skip.IfNot(LibTorchEngine.IsBuilt, "the native library is not built: run `./build.sh build`");
        string file = NativeLoader.Find().ShouldNotBeNull();

        NativeLoader.Find(Path.GetDirectoryName(file)).ShouldBe(file);
        NativeLoader.Open(file).ShouldNotBe(IntPtr.Zero);
    }

    private string Compile(string source)
    {
        Skip.IfNot(File.Exists("/usr/bin/g++"), "/usr/bin/g++ is not installed on this machine");
        string from = _folder.File("library.cpp"), to = _folder.File("library.so");
        File.WriteAllText(from, source);
        using var compiler = Process.Start("/usr/bin/g++", ["-shared", "-fPIC", "-o", to, from]);
        compiler.WaitForExit();
        compiler.ExitCode.ShouldBe(0);
        return to;
    }
}
