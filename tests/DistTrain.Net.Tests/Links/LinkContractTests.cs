using DistTrain.Net.Links;

namespace DistTrain.Net.Tests.Links;

public sealed class MemoryLinkTests : LinkContract
{
    internal override Task<LinkPair> PairAsync(
        LinkOptions left, RecordingHandler atLeft, LinkOptions right, RecordingHandler atRight)
        => Task.FromResult(LinkPair.InMemory(left, atLeft, right, atRight));
}

public sealed class TcpLinkTests : LinkContract
{
    internal override Task<LinkPair> PairAsync(
        LinkOptions left, RecordingHandler atLeft, LinkOptions right, RecordingHandler atRight)
        => LinkPair.OverTcpAsync(left, atLeft, right, atRight);
}

public sealed class TlsLinkTests(Certificates certificates) : LinkContract, IClassFixture<Certificates>
{
    internal override Task<LinkPair> PairAsync(
        LinkOptions left, RecordingHandler atLeft, LinkOptions right, RecordingHandler atRight)
        => LinkPair.OverTcpAsync(
            left with { Tls = certificates.Connecting }, atLeft,
            right with { Tls = certificates.Listening }, atRight);
}
