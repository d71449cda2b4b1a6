using System.Text.Json;
using DistTrain.Cli.Machine;
using DistTrain.Cli.Terminal;
using DistTrain.Cli.Tests.Harness;
using DistTrain.LibTorch;
using DistTrain.LibTorch.Cuda;

namespace DistTrain.Cli.Tests.Commands;

public sealed class DevicesCommandTests : IDisposable
{
    private static readonly CpuDevice Cpu = new("Some Processor", 16, 64L << 30, ["avx2", "fma"]);

    private static readonly CudaDevice Card =
        new(
            1, "NVIDIA Example", 80L << 30, new CardMemory(FreeBytes: 78L << 30, UsedBytes: 2L << 30),
            new ComputeCapability(8, 0));

    private static readonly LibTorchFound WithCuda =
        new() { Version = "2.7.1", Cuda = "12.6", Folder = "/opt/libtorch/lib", NativeLibrary = "/x/lib.so" };

    private readonly InProcess _program = new();

    public void Dispose() => _program.Dispose();

    [SkippableFact]
    public async Task This_machine_is_described_in_a_table_and_as_JSON()
    {
        Needs.Engine();
        (await _program.RunAsync("devices --json")).ShouldBe(0);
        JsonElement json = JsonDocument.Parse(_program.OutputLines.ShouldHaveSingleItem()).RootElement;
        json.GetProperty("cpu").GetProperty("cores").GetInt32().ShouldBe(Environment.ProcessorCount);
        json.GetProperty("libtorch").GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        bool hasGpu = json.GetProperty("gpus").GetArrayLength() > 0;
        (json.GetProperty("whyNoGpu").GetString() is null).ShouldBe(hasGpu);

        _program.Output.GetStringBuilder().Clear();
        (await _program.RunAsync("devices")).ShouldBe(0);
        _program.OutputLines[0].ShouldStartWith("device  name");
        _program.OutputLines[1].ShouldStartWith("cpu ");
        _program.OutputLines.Any(line => line.StartsWith("no GPU: ")).ShouldBe(!hasGpu);
    }

    [SkippableFact]
    public async Task Devices_can_be_required()
    {
        Needs.Engine();
        (await _program.RunAsync("devices --require cpu")).ShouldBe(0);
        _program.OutputLines.ShouldBeEmpty();
        (await _program.RefuseAsync("devices --require cuda:63")).ShouldHaveSingleItem()
            .ShouldStartWith("device \"cuda:63\": ");
    }

    [Fact]
    public void A_card_is_shown_with_what_it_can_do()
    {
        string[] lines = Write(new MachineDevices(
            WithCuda, Cpu, new CudaDrivers { Devices = [Card], DriverVersion = "12.8" }));
        lines[2].ShouldBe(
            "cuda:1  NVIDIA Example  80.0 GiB  78.0 GiB  8.0         float32 tf32 bf16 fp16");
        lines.ShouldContain("libtorch: 2.7.1, CUDA 12.6, in /opt/libtorch/lib, through /x/lib.so");
        lines.ShouldContain("driver:   NVIDIA, for CUDA up to 12.8");
        lines.ShouldNotContain(line => line.StartsWith("no GPU"));
    }

    [Fact]
    public void A_card_that_this_libtorch_cannot_use_is_named_with_the_reason()
    {
        string[] lines = Write(new MachineDevices(
            WithCuda with { Cuda = null }, Cpu,
            new CudaDrivers { Devices = [Card], DriverVersion = "12.8" }));
        lines.ShouldNotContain(line => line.StartsWith("cuda:1"));
        lines.ShouldContain("no GPU:   this libtorch has no CUDA: it is a build for the CPU alone; "
            + "build with LIBTORCH=/path of one that has");
        lines[^1].ShouldBe("          the driver shows NVIDIA Example, 80.0 GiB");
    }

    private static string[] Write(MachineDevices here)
    {
        using var text = new StringWriter { NewLine = "\n" };
        DevicesText.Write(here, text, TextLook.Plain);
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
