using System.Diagnostics;
using DistTrain.Core.Memory;
using DistTrain.Runs.Tensors;
using DistTrain.Runs.Tests.Fixtures;

namespace DistTrain.Runs.Tests.Tensors;

/// <summary>
/// The format as an independent reader and writer in Python has it, made from the public description.
/// </summary>
public sealed class SafetensorsPythonTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private const string Reader = """
        import json, struct, sys
        import numpy as np
        with open(sys.argv[1], "rb") as f:
            (n,) = struct.unpack("<Q", f.read(8))
            assert n % 8 == 0
            head = json.loads(f.read(n))
            data = f.read()
        print(head.pop("__metadata__")["note"])
        for name, t in head.items():
            a, b = t["data_offsets"]
            x = np.frombuffer(data[a:b], {"F32": "<f4", "I64": "<i8"}[t["dtype"]]).reshape(t["shape"])
            print(name, x.shape, x.ravel().tolist())
        """;

    private const string Writer = """
        import json, struct, sys
        import numpy as np
        tensors = {"w": np.arange(6, dtype="<f4").reshape(2, 3) / 4,
                   "n": np.array([-1, 1 << 40], dtype="<i8")}
        head, data = {"__metadata__": {"by": "numpy"}}, b""
        for name, x in tensors.items():
            kind = {"float32": "F32", "int64": "I64"}[x.dtype.name]
            head[name] = {"dtype": kind, "shape": list(x.shape),
                          "data_offsets": [len(data), len(data) + x.nbytes]}
            data += x.tobytes()
        text = json.dumps(head).encode()
        text += b" " * (-len(text) % 8)
        open(sys.argv[1], "wb").write(struct.pack("<Q", len(text)) + text + data)
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Python_reads_what_we_write()
    {
        RequireNumpy();
        using var buffer = new NativeBuffer<float>(7);
        for (int i = 0; i < 7; i++)
        {
            buffer.Span[i] = i / 8f;
        }

        Safetensors.Write(
            _folder["x.safetensors"], [new("0.weight", [2, 3], buffer, 1), new("scale", [], buffer, 0)],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["note"] = "für \"dich\"" });
        Run(Reader, _folder["x.safetensors"]).ShouldBe(
            "für \"dich\"\n0.weight (2, 3) [0.125, 0.25, 0.375, 0.5, 0.625, 0.75]\nscale () [0.0]\n");
    }

    [SkippableFact]
    public void We_read_what_python_writes()
    {
        RequireNumpy();
        Run(Writer, _folder["y.safetensors"]);
        using SafetensorsFile file = Safetensors.Read(_folder["y.safetensors"]);
        file.Metadata["by"].ShouldBe("numpy");
        using var floats = new NativeBuffer<float>(6);
        file.Read(file.Find("w")!, floats);
        floats.Span.ToArray().ShouldBe([0, 0.25f, 0.5f, 0.75f, 1, 1.25f]);
        using var longs = new NativeBuffer<long>(2);
        file.Read(file.Find("n")!, longs);
        longs.Span.ToArray().ShouldBe([-1, 1L << 40]);
    }

    private static void RequireNumpy()
    {
        Skip.IfNot(File.Exists(Python), $"needs {Python}");
        Skip.If(Start("import numpy").Code != 0, "needs Python's numpy");
    }

    private static string Run(string script, string path)
    {
        (int code, string output) = Start(script, path);
        code.ShouldBe(0, output);
        return output;
    }

    private static (int Code, string Output) Start(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, ["-c", script, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["PYTHONIOENCODING"] = "utf-8" },
        };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
