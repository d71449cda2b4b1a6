using System.Text;
using DistTrain.Runs.TensorBoard;

namespace DistTrain.Runs.Tests.TensorBoard;

public sealed class MaskedCrc32CTests
{
    /// <summary>RFC 3720, appendix B.4, and the check value of the CRC catalogue.</summary>
    [Fact]
    public void Known_vectors_hold()
    {
        MaskedCrc32C.Crc32C(new byte[32]).ShouldBe(0x8A9136AAu);
        MaskedCrc32C.Crc32C([.. Enumerable.Repeat((byte)0xFF, 32)]).ShouldBe(0x62A8AB43u);
        MaskedCrc32C.Crc32C([.. Enumerable.Range(0, 32).Select(i => (byte)i)]).ShouldBe(0x46DD794Eu);
        MaskedCrc32C.Crc32C([.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))]).ShouldBe(0x113FDB5Cu);
        MaskedCrc32C.Crc32C(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xE3069283u);
        MaskedCrc32C.Crc32C([]).ShouldBe(0u);
    }

    [Fact]
    public void Any_length_agrees_with_the_bitwise_definition()
    {
        var random = new Random(5);
        for (int length = 0; length < 100; length++)
        {
            byte[] data = new byte[length];
            random.NextBytes(data);
            MaskedCrc32C.Crc32C(data).ShouldBe(EventFile.Crc32C(data));
        }
    }

    [Fact]
    public void The_mask_rotates_and_adds()
        => MaskedCrc32C.Compute([]).ShouldBe(0xA282EAD8u);
}
