using System.Buffers.Binary;
using DistTrain.Core;
using DistTrain.Core.Memory;
using DistTrain.Runs.Tensors;

namespace DistTrain.Runs.Tests.Tensors;

public sealed class SafetensorsHostileTests
{
    private const string Whole = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    [Fact]
    public void The_unharmed_file_is_read() => Open(SafetensorsBytes.Make(Whole, new byte[8])).Dispose();

    [Theory]
    [InlineData("", "does not begin with '{'")]
    [InlineData(" {}", "does not begin with '{'")]
    [InlineData("{", "not the JSON")]
    [InlineData("[]", "does not begin with '{'")]
    [InlineData("{\"a\":1}", "lacks a sound")]
    [InlineData("{\"a\":{}}", "lacks a sound")]
    [InlineData("{\"a\":{\"dtype\":4,\"shape\":[2],\"data_offsets\":[0,8]}}", "lacks a sound")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}", "lacks a sound")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}", "lacks a sound")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "lacks a sound")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", "lacks a sound")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1e99],\"data_offsets\":[0,8]}}", "lacks a sound")]
    [InlineData("{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}", "unknown type 'F31'")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}}", "not its shape [2] of F64")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "not its shape [3] of F32")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9]}}",
        "claims bytes 0 to 9 of data that has 8")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "claims bytes 8 to 0")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "leaves a hole")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "the tensors take 4 bytes but 8")]
    [InlineData("{}", "the tensors take 0 bytes but 8")]
    [InlineData("{\"__metadata__\":[],\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "is not an object")]
    [InlineData("{\"__metadata__\":{\"k\":1},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "'k' is not a string")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "overlaps")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "not the JSON")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
        "not its shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905],\"data_offsets\":[0,4]}}",
        "not its shape")]
    [InlineData("{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "not text")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[[[[2]]]],\"data_offsets\":[0,8]}}", "not the JSON")]
    public void A_header_that_lies_is_refused(string header, string reason)
    {
        string message = Fault(SafetensorsBytes.Make(header, new byte[8]));
        message.ShouldStartWith("memory is not a sound safetensors file: ");
        message.ShouldContain(reason);
        message.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(100_000_001UL)]
    [InlineData(60UL)]
    public void A_header_longer_than_its_file_is_refused_before_anything_is_allocated(ulong length)
    {
        byte[] bytes = SafetensorsBytes.Make(Whole, []);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fault(bytes).ShouldContain($"claims {length} bytes where at most {bytes.Length - 8} can be");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void A_header_that_is_not_utf8_is_refused()
    {
        byte[] bytes = SafetensorsBytes.Make(Whole, new byte[8]);
        bytes[10] = 0xFF;
        Fault(bytes).ShouldContain("not UTF-8");
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_refused()
    {
        byte[] whole = Sound();
        for (int length = 0; length < whole.Length; length++)
        {
            Fault(whole[..length]).ShouldStartWith("memory is not a sound");
        }

        Fault([.. whole, 0]).ShouldContain("follow the header");
    }

    [Fact]
    public void Damage_anywhere_is_refused_or_read_but_never_worse()
    {
        byte[] whole = Sound();
        var random = new Random(11);
        int refused = 0, read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = (byte[])whole.Clone();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                using SafetensorsFile file = Open(bytes);
                foreach (SafetensorsEntry entry in file.Tensors.Where(entry => entry.Type == "F32"))
                {
                    entry.ByteLength.ShouldBeLessThanOrEqualTo(bytes.Length);
                    using var target = new NativeBuffer<float>(entry.ByteLength / 4);
                    file.Read(entry, target);
                }

                read++;
            }
            catch (UserFaultException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(1000);
        read.ShouldBeGreaterThan(1000);
    }

    private static byte[] Sound()
    {
        using var buffer = new NativeBuffer<float>(64);
        using var stream = new MemoryStream();
        Safetensors.Write(
            stream, [new("a", [8, 5], buffer, 0), new("b", [24], buffer, 40)],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["k"] = "v" });
        return stream.ToArray();
    }

    private static string Fault(byte[] bytes)
        => Should.Throw<UserFaultException>(() => Open(bytes).Dispose()).Problems.ShouldHaveSingleItem();

    private static SafetensorsFile Open(byte[] bytes)
        => SafetensorsFile.Open(new MemoryStream(bytes), "memory");
}
