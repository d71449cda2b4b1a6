using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using DistTrain.Core;
using DistTrain.Core.Memory;
using DistTrain.Runs.Tensors;

namespace DistTrain.Runs.Tests.Tensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly NativeBuffer<float> _buffer = new(10);

    public SafetensorsFileTests()
    {
        for (int i = 0; i < 10; i++)
        {
            _buffer.Span[i] = i + 0.5f;
        }
    }

    public void Dispose() => _buffer.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        byte[] bytes = Written(new() { ["note"] = "naïve \"quoted\" ☃\n" });
        using SafetensorsFile file = Open(bytes);
        file.Metadata.ShouldHaveSingleItem().Value.ShouldBe("naïve \"quoted\" ☃\n");
        file.Tensors.Select(t => $"{t.Name} {t.Type} {t.ShapeText}")
            .ShouldBe(["a.weight F32 [2, 3]", "none F32 [0, 4]", "scalar F32 []"]);
        using var target = new NativeBuffer<float>(8);
        file.Read(file.Find("a.weight")!, target, 1);
        file.Read(file.Find("scalar")!, target, 7);
        target.Span.ToArray().ShouldBe([0, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f, 9.5f]);
        file.Find("b").ShouldBeNull();
        file.HashData().ShouldBe(Safetensors.HashData(Views()));
    }

    [Fact]
    public void The_layout_is_the_public_one()
    {
        byte[] bytes = Written([]);
        int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        (header % 8).ShouldBe(0);
        string json = Encoding.UTF8.GetString(bytes, 8, header);
        json.TrimEnd(' ').ShouldBe(
            "{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[24,24]},"
            + "\"scalar\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[24,28]}}");
        bytes.Length.ShouldBe(8 + header + 28);
        BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + header)).ShouldBe(1.5f);
    }

    [Fact]
    public void Tensors_larger_than_a_piece_pass_whole()
    {
        using var large = new NativeBuffer<float>((1 << 22) + 12_345);
        new Random(3).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(large.Span));
        using var stream = new MemoryStream();
        Safetensors.Write(
            stream, [new("x", [(int)large.Length], large, 0)], new Dictionary<string,
                string>(StringComparer.Ordinal));
        using SafetensorsFile file = SafetensorsFile.Open(new MemoryStream(stream.ToArray()), "memory");
        using var back = new NativeBuffer<float>(large.Length);
        file.Read(file.Tensors[0], back);
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(back.Span)
            .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(large.Span)).ShouldBeTrue();
    }

    [Fact]
    public void Numbers_of_another_type_are_refused_by_name()
    {
        byte[] bytes = SafetensorsBytes.Make(
            "{\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", [7, 0, 0, 0, 0, 0, 0, 0]);
        using SafetensorsFile file = Open(bytes);
        using var longs = new NativeBuffer<long>(1);
        file.Read(file.Tensors[0], longs);
        longs.Span[0].ShouldBe(7);
        using var floats = new NativeBuffer<float>(2);
        Should.Throw<UserFaultException>(() => file.Read(file.Tensors[0], floats))
            .Message.ShouldBe("memory: tensor 'i' holds I64 numbers; F32 is needed");
    }

    [Fact]
    public void A_tensor_is_never_read_beyond_its_target()
    {
        using SafetensorsFile file = Open(Written([]));
        using var target = new NativeBuffer<float>(6);
        Should.Throw<ArgumentOutOfRangeException>(() => file.Read(file.Find("a.weight")!, target, 1));
    }

    [Fact]
    public void Two_tensors_of_one_name_are_refused()
        => Should.Throw<ArgumentException>(() => Safetensors.Write(
            Stream.Null, [new("x", [1], _buffer, 0), new("x", [1], _buffer, 1)],
            new Dictionary<string, string>(StringComparer.Ordinal))).Message.ShouldContain("'x'");

    [Fact]
    public void A_view_outside_its_buffer_is_refused()
        => Should.Throw<ArgumentException>(() => Safetensors.Write(
            Stream.Null, [new("x", [4], _buffer, 7)], new Dictionary<string,
                string>(StringComparer.Ordinal)));

    [Fact]
    public void A_missing_file_is_one_line()
        => Should.Throw<UserFaultException>(() => Safetensors.Read("/none/x.safetensors"))
            .Message.ShouldStartWith("/none/x.safetensors cannot be opened: ");

    [Fact]
    public void The_header_of_a_file_is_valid_json_for_any_name()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(
            stream, [new("\"\\\u0001é☃", [1], _buffer, 0)], new Dictionary<string,
                string>(StringComparer.Ordinal));
        byte[] bytes = stream.ToArray();
        int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        json.RootElement.EnumerateObject().Single().Name.ShouldBe("\"\\\u0001é☃");
    }

    private TensorView[] Views() =>
        [new("a.weight", [2, 3], _buffer, 1), new("none", [0, 4], _buffer, 7), new("scalar", [], _buffer, 9)];

    private byte[] Written(Dictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, Views(), metadata);
        return stream.ToArray();
    }

    private static SafetensorsFile Open(byte[] bytes)
        => SafetensorsFile.Open(new MemoryStream(bytes), "memory");
}

/// <summary>Files put together by hand, sound or not.</summary>
internal static class SafetensorsBytes
{
    public static byte[] Make(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return bytes;
    }
}
