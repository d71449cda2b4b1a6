using DistTrain.Core;
using DistTrain.Core.Engine;
using DistTrain.LibTorch.Cuda;
using DistTrain.LibTorch.Interop;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.LibTorch.Tests.Cuda;

/// <summary>Why there is no GPU: from libtorch and the driver together, and from libtorch itself.</summary>
public sealed class MachineDevicesTests
{
    [Theory]
    [InlineData(null, null, "no driver", "no driver")]
    [InlineData("1.13.1", null, "no driver", "this libtorch has no CUDA: it is a build for the CPU alone")]
    [InlineData("2.7.1", "12.6", "no driver", "no driver")]
    [InlineData("2.7.1", "12.6", null, null)]
    public void Why_there_is_no_GPU_is_said_from_the_inside_out(
        string? torch, string? cuda, string? driver, string? why)
        => Here(torch, cuda, new CudaDrivers { Problem = driver }).WhyNoGpu.ShouldBe(why);

    [Theory]
    [InlineData("11.4", "the NVIDIA driver serves CUDA up to 11.4, and this libtorch is built for 12.6: "
        + "it takes a newer driver")]
    [InlineData("12.0", null)]
    [InlineData("12.6", null)]
    [InlineData("13.1", null)]
    public void A_driver_of_an_older_major_version_is_too_old_for_libtorch(string driver, string? why)
    {
        var card = new CudaDevice(0, "Fake 40", 8L << 30, null, new ComputeCapability(8, 0));
        MachineDevices here =
            Here("2.7.1", "12.6", new CudaDrivers { DriverVersion = driver, Devices = [card] });
        here.WhyNoGpu.ShouldBe(why);
        here.Usable.ShouldBe(why is null ? [card] : []);
    }

    [SkippableFact]
    public void A_missing_GPU_is_a_fault_that_names_what_is_there()
    {
        SkipWithGpu();
        MachineDevices.Require(DeviceList.Parse("cpu"));
        string message = Should.Throw<UserFaultException>(
            () => MachineDevices.Require(DeviceList.Parse("cuda:0,cuda:1"))).Message;
        message.ShouldStartWith("device \"cuda:0\": ");
        message.ShouldEndWith("; there is cpu");
        message.ShouldNotContain("\n");
    }

    /// <summary>
    /// With CUDA the words are CUDA's own, and come only from a libtorch whose CUDA half has been loaded and
    /// has made itself known.
    /// </summary>
    [SkippableFact]
    public void Libtorch_itself_says_why_it_has_no_GPU()
    {
        SkipWithGpu();
        bool hasCuda = MachineDevices.OfThisMachine().LibTorch.Cuda is not null;
        string message = Should.Throw<UserFaultException>(
            () => Status.ThrowIfFailed(Native.dt_check_device("cuda:0"))).Message;
        message.ShouldStartWith(
            $"device \"cuda:0\": {(hasCuda ? "Found no NVIDIA driver" : "this libtorch has no CUDA")}");
        message.ShouldNotContain("\n");
    }

    private static MachineDevices Here(string? torch, string? cuda, CudaDrivers drivers) => new(
        new LibTorchFound { Version = torch, Cuda = cuda, Problem = torch is null ? drivers.Problem : null },
        new CpuDevice("cpu", 2, 1, []), drivers);

    private static void SkipWithGpu()
    {
        Engine.Open().Dispose();
        Skip.If(File.Exists("/dev/nvidia0"), "this machine has a GPU");
    }
}
