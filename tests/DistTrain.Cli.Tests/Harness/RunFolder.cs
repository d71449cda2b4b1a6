using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>The folder of a run, read by means of the tests' own.</summary>
internal sealed class RunFolder(string path)
{
    public string Path { get; } = path;

    public string Checkpoints => File("checkpoints");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Text(string name) => System.IO.File.ReadAllText(File(name));

    /// <summary>metrics.jsonl, a line a string, without what a clock has put there.</summary>
    public IReadOnlyList<string> MetricsButTimes =>
    [
        .. System.IO.File.ReadLines(File("metrics.jsonl")).Select(line =>
        {
            JsonObject metrics = JsonNode.Parse(line)!.AsObject();
            metrics.Remove("seconds");
            metrics.Remove("samplesPerSecond");
            return metrics.ToJsonString();
        }),
    ];

    /// <summary>Lines of metrics.jsonl of one kind.</summary>
    public IReadOnlyList<JsonElement> Metrics(string kind) =>
    [
        .. System.IO.File.ReadLines(File("metrics.jsonl"))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(line => line.GetProperty("kind").GetString() == kind),
    ];

    /// <summary>
    /// SHA-256 over a safetensors file's float32 tensors in the order of their offsets: length of the header
    /// (8 bytes), header (JSON), data. Those of the optimizer, which only checkpoints have, are left out.
    /// </summary>
    public string HashTensors(string name)
    {
        byte[] file = System.IO.File.ReadAllBytes(File(name));
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        ReadOnlyMemory<byte> data = file.AsMemory(8 + header);
        using JsonDocument document = JsonDocument.Parse(file.AsMemory(8, header));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((int from, int to) in document.RootElement.EnumerateObject()
            .Where(tensor => tensor.Name != "__metadata__"
                && !tensor.Name.StartsWith("optimizer.", StringComparison.Ordinal))
            .Select(tensor => Offsets(tensor.Value)).Order())
        {
            hash.AppendData(data[from..to].Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static (int From, int To) Offsets(JsonElement tensor)
    {
        tensor.GetProperty("dtype").GetString().ShouldBe("F32");
        JsonElement offsets = tensor.GetProperty("data_offsets");
        return (offsets[0].GetInt32(), offsets[1].GetInt32());
    }
}
