using DistTrain.Net.Handshakes;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Tests.Handshakes;

public sealed class HelloTests
{
    private static readonly Hello _hello = new(
        new ProtocolVersions(1, 3), true, new byte[32], "gpu-3", "0.1.0");

    [Fact]
    public void A_hello_comes_back_as_it_was_sent()
        => Decode(_hello.Encode()).ShouldBeEquivalentTo(_hello);

    [Fact]
    public void A_later_version_may_add_to_it()
    {
        byte[] longer = [.. _hello.Encode(), 1, 2, 3];
        Decode(longer).ShouldBeEquivalentTo(_hello);
    }

    [Fact]
    public void A_hello_cut_anywhere_is_none()
    {
        byte[] whole = _hello.Encode();
        for (int length = HandshakeFrame.HeaderSize; length < whole.Length; length++)
        {
            Should.Throw<ProtocolFaultException>(() => Decode(whole[..length]), $"{length} bytes");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    public void A_name_that_is_none_is_not_taken(string name)
        => Should.Throw<ProtocolFaultException>(() => Decode((_hello with { Name = name }).Encode()));

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(1, 3, 2, 5, 3)]
    [InlineData(2, 5, 1, 3, 3)]
    [InlineData(1, 1, 2, 2, null)]
    [InlineData(2, 2, 1, 1, null)]
    public void The_highest_version_both_speak_is_spoken(
        ushort low, ushort high, ushort otherLow, ushort otherHigh, int? common)
        => ((int?)new ProtocolVersions(low, high).Common(new(otherLow, otherHigh))).ShouldBe(common);

    private static Hello Decode(byte[] frame) => Hello.Decode(frame.AsSpan(HandshakeFrame.HeaderSize));
}
