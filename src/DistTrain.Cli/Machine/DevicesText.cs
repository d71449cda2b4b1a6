using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DistTrain.Cli.Terminal;
using DistTrain.Core.Jobs;
using DistTrain.LibTorch;
using DistTrain.LibTorch.Cuda;

namespace DistTrain.Cli.Machine;

/// <summary>What a machine can compute on, in a table for people or as one line of JSON.</summary>
internal static class DevicesText
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(MachineDevices here, TextWriter output, TextLook look)
    {
        var table = new TextTable(
            new("device"), new("name"), new("memory", Right: true),
            new("free", Right: true, Expendable: true), new("capability", Expendable: true),
            new("precisions"));
        table.Add(
            new("cpu", Ink.Strong), here.Cpu.Model, Size(here.Cpu.MemoryBytes), "", "",
            Words(PrecisionRules.OfCpu));
        foreach (CudaDevice gpu in here.Usable)
        {
            table.Add(
                new(MachineDevices.NameOf(gpu), Ink.Strong), gpu.Name, Size(gpu.TotalBytes),
                gpu.Memory is { } memory ? Size(memory.FreeBytes) : "?", gpu.Capability.ToString(),
                Words(PrecisionRules.OfGpu(gpu.Capability)));
        }

        table.Write(output, look);
        output.WriteLine();
        string features = string.Join(' ', here.Cpu.Features);
        output.WriteLine($"cpu:      {here.Cpu.Cores} cores; bits depend on {features}");
        output.WriteLine($"libtorch: {LibTorchLine(here.LibTorch)}");
        output.WriteLine($"driver:   {here.Drivers.DriverVersion switch
        {
            { } version => $"NVIDIA, for CUDA up to {version}",
            null => "none of NVIDIA's",
        }}");
        if (here.WhyNoGpu is { } why)
        {
            output.WriteLine($"no GPU:   {why}");
        }
        else
        {
            return;
        }

        foreach (CudaDevice gpu in here.Drivers.Devices)
        {
            output.WriteLine($"          the driver shows {gpu.Name}, {Size(gpu.TotalBytes)}");
        }
    }

    public static string ToJson(MachineDevices here) => new JsonObject
    {
        ["cpu"] = new JsonObject
        {
            ["model"] = here.Cpu.Model,
            ["cores"] = here.Cpu.Cores,
            ["memoryBytes"] = here.Cpu.MemoryBytes,
            ["features"] = new JsonArray([.. here.Cpu.Features.Select(word => JsonValue.Create(word))]),
            ["precisions"] = Array(PrecisionRules.OfCpu),
        },
        ["gpus"] = new JsonArray([.. here.Usable.Select(gpu => new JsonObject
        {
            ["device"] = MachineDevices.NameOf(gpu),
            ["name"] = gpu.Name,
            ["memoryBytes"] = gpu.TotalBytes,
            ["freeBytes"] = gpu.Memory?.FreeBytes,
            ["computeCapability"] = gpu.Capability.ToString(),
            ["precisions"] = Array(PrecisionRules.OfGpu(gpu.Capability)),
        })]),
        ["libtorch"] = new JsonObject
        {
            ["version"] = here.LibTorch.Version,
            ["cuda"] = here.LibTorch.Cuda,
            ["folder"] = here.LibTorch.Folder,
            ["nativeLibrary"] = here.LibTorch.NativeLibrary,
        },
        ["driverCuda"] = here.Drivers.DriverVersion,
        ["whyNoGpu"] = here.WhyNoGpu,
    }.ToJsonString(Plain);

    private static string LibTorchLine(LibTorchFound found) => found switch
    {
        { Problem: { } problem } => problem,
        _ => $"{found.Version}, {(found.Cuda is { } cuda ? $"CUDA {cuda}" : "CPU alone")}, "
            + $"in {found.Folder ?? "an unknown folder"}, through {found.NativeLibrary}",
    };

    private static string Size(long bytes) => $"{bytes / (double)(1 << 30):F1} GiB";

    private static string Words(IEnumerable<Precision> precisions)
        => string.Join(' ', precisions.Select(PrecisionRules.WordOf));

    private static JsonArray Array(IEnumerable<Precision> precisions)
        => new([.. precisions.Select(one => JsonValue.Create(PrecisionRules.WordOf(one)))]);
}
