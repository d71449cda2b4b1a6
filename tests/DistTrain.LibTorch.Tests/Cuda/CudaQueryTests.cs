using System.Diagnostics;
using System.Text;
using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.LibTorch.Cuda;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.LibTorch.Tests.Cuda;

/// <summary>What the driver says, with a driver that a C compiler makes of a page of code.</summary>
public sealed class CudaQueryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SkippableFact]
    public void Devices_are_told_in_order_with_name_memory_and_capability()
    {
        CudaDrivers drivers = Ask(devices: 2);
        drivers.Problem.ShouldBeNull();
        drivers.DriverVersion.ShouldBe("12.6");
        drivers.Devices.Select(gpu => (gpu.Index, gpu.Name, gpu.TotalBytes, gpu.Capability)).ShouldBe(
            [
                (0, "Fake 40", 8L << 30, new ComputeCapability(7, 5)),
                (1, "Fake 41", 16L << 30, new ComputeCapability(9, 0)),
            ]);
    }

    [SkippableTheory]
    [InlineData(0, "the NVIDIA driver is there, but it shows no GPU to this process")]
    [InlineData(100, "the NVIDIA driver is there, but it shows no GPU to this process")]
    [InlineData(803, "the NVIDIA driver does not answer (CUDA error 803)")]
    public void A_driver_without_devices_says_why(int init, string problem)
    {
        CudaDrivers drivers = Ask(devices: 0, init);
        drivers.Problem.ShouldBe(problem);
        drivers.DriverVersion.ShouldBe("12.6");
        drivers.Devices.ShouldBeEmpty();
    }

    [Fact]
    public void A_machine_without_a_driver_says_so()
    {
        CudaDrivers drivers = CudaQuery.Ask(["libnothing-of-the-kind.so.1"]);
        drivers.Problem.ShouldBe("no NVIDIA driver is installed (libcuda.so.1 is not found)");
        drivers.DriverVersion.ShouldBeNull();
    }

    [SkippableFact]
    public void A_library_that_is_no_driver_is_named()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "it takes a library that is surely there");
        CudaQuery.Ask(["libm.so.6"]).Problem.ShouldBe("libm.so.6 is no driver of NVIDIA's");
    }

    [Theory]
    [InlineData(5, 2, "float32")]
    [InlineData(5, 3, "float32 fp16")]
    [InlineData(7, 5, "float32 fp16")]
    [InlineData(8, 0, "float32 tf32 bf16 fp16")]
    [InlineData(10, 0, "float32 tf32 bf16 fp16")]
    public void Precisions_follow_from_the_compute_capability(int major, int minor, string words)
        => string.Join(' ', PrecisionRules.OfGpu(new ComputeCapability(major, minor))
            .Select(PrecisionRules.WordOf)).ShouldBe(words);

    [Fact]
    public void A_precision_that_a_card_has_not_is_refused_by_its_name()
        => Should.Throw<UserFaultException>(() => PrecisionRules.Require(
                Precision.Bf16, "cuda:0", "Tesla T4", PrecisionRules.OfGpu(new ComputeCapability(7, 5))))
            .Message.ShouldBe("precision \"bf16\": cuda:0 (Tesla T4) does not compute with it; "
                + "use one of float32, fp16, or another device");

    [SkippableTheory]
    [InlineData("0000:41:00.0", 3L << 30, 5L << 30)]
    [InlineData("0000:99:00.0", null, null)]
    public unsafe void A_cards_memory_is_what_the_management_library_says(string bus, long? free, long? used)
    {
        IntPtr library = CardMemory.Load(["libnothing-of-the-kind.so.1", Compile("fake_nvml.c")]);
        library.ShouldNotBe(IntPtr.Zero);
        fixed (byte* id = Encoding.ASCII.GetBytes(bus + '\0'))
        {
            CardMemory? memory = CardMemory.At(library, id);
            (memory?.FreeBytes, memory?.UsedBytes).ShouldBe((free, used));
        }
    }

    [Fact]
    public unsafe void Without_the_management_library_a_cards_memory_is_unknown()
    {
        CardMemory.Load(["libnothing-of-the-kind.so.1"]).ShouldBe(IntPtr.Zero);
        fixed (byte* id = "0000:41:00.0\0"u8)
        {
            CardMemory.At(IntPtr.Zero, id).ShouldBeNull();
        }
    }

    public void Dispose() => _folder.Dispose();

    private CudaDrivers Ask(int devices, int init = 0)
        => CudaQuery.Ask([Compile("fake_driver.c", $"-DFAKE_INIT={init}", $"-DFAKE_DEVICES={devices}")]);

    private string Compile(string file, params string[] definitions)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/cc"), "there is no C compiler here");
        string source = Path.Combine(AppContext.BaseDirectory, "Cuda", file);
        string library = _folder.File("libfake.so");
        using Process compiler = Process.Start(
            "/usr/bin/cc", ["-shared", "-fPIC", "-o", library, .. definitions, source]);
        compiler.WaitForExit();
        compiler.ExitCode.ShouldBe(0);
        return library;
    }
}
