using DistTrain.Core.Cluster;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Tests.Wire;

public sealed class ControlEncodingTests
{
    [Fact]
    public void What_is_longer_than_allowed_is_refused_by_its_name_and_length()
    {
        byte[] bytes = ControlEncoding.Encode(new NodeNotice("fetching"), 1000);
        ControlEncoding.Encode(new NodeNotice("fetching"), bytes.Length).ShouldBe(bytes);
        Should.Throw<ArgumentException>(
            () => ControlEncoding.Encode(new NodeNotice("fetching"), bytes.Length - 1))
            .Message.ShouldContain($"NodeNotice has {bytes.Length} bytes; {bytes.Length - 1} are allowed");
        ControlEncoding.Decode(bytes).ShouldBe(new NodeNotice("fetching"));
    }

    [Fact]
    public void Bytes_that_are_no_message_break_the_protocol()
        => Should.Throw<ProtocolFaultException>(() => ControlEncoding.Decode([0xFF, 1, 2]));
}
