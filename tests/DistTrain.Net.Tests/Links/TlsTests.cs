using DistTrain.Core;
using DistTrain.Net.Links;
using DistTrain.Net.Tests.Handshakes;

namespace DistTrain.Net.Tests.Links;

public sealed class TlsTests(Certificates certificates) : IClassFixture<Certificates>
{
    private static readonly LinkOptions _worker = LinkPair.Options("gpu-3");

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        using var others = new Certificates();
        await using var port = new Port(Port.Options with { Tls = certificates.Listening });
        var refused = await Should.ThrowAsync<LinkRefusedException>(
            port.ConnectAsync(_worker with { Tls = others.Connecting }));
        refused.IsPermanent.ShouldBeTrue();
        refused.Message.ShouldContain("certificate");
        port.NextLine().ShouldContain("refused a connection");
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused()
    {
        await using var port = new Port(Port.Options with { Tls = certificates.Listening });
        await Should.ThrowAsync<LinkRefusedException>(LinkConnector.ConnectAsync(
            "localhost", port.Endpoint.Port, _worker with { Tls = certificates.Connecting },
            _ => new RecordingHandler(), CancellationToken.None));
    }

    [Fact]
    public async Task Another_token_is_refused_under_tls_too()
    {
        await using var port = new Port(Port.Options with { Tls = certificates.Listening });
        var refused = await Should.ThrowAsync<LinkRefusedException>(
            port.ConnectAsync(_worker with { Tls = certificates.Connecting, Token = "other" }));
        refused.Message.ShouldContain("the tokens differ");
    }

    [Fact]
    public async Task Tls_on_one_end_only_makes_no_link()
    {
        await using var plain = new Port();
        await Should.ThrowAsync<DistTrainException>(
            plain.ConnectAsync(_worker with { Tls = certificates.Connecting }));
        plain.NextLine().ShouldContain("TLS");

        await using var tls = new Port(Port.Options with { Tls = certificates.Listening });
        await Should.ThrowAsync<LinkUnreachableException>(
            tls.ConnectAsync(_worker with { HandshakeTimeout = TimeSpan.FromMilliseconds(300) }));
    }

    [Fact]
    public async Task Files_that_hold_no_certificate_are_the_user_s_fault()
    {
        string empty = certificates.Write("empty.pem", "");
        foreach (var tls in new LinkTls[]
        {
            new("/nowhere/cert.pem", certificates.KeyFile, null), new(empty, certificates.KeyFile, null),
            new(certificates.CertificateFile, empty, null), new(certificates.CertificateFile, null, null),
        })
        {
            Should.Throw<UserFaultException>(() => new Port(Port.Options with { Tls = tls }));
        }
        foreach (string file in new[] { "/nowhere/ca.pem", empty })
        {
            var fault = await Should.ThrowAsync<UserFaultException>(LinkConnector.ConnectAsync(
                "127.0.0.1", 1, _worker with { Tls = new LinkTls(null, null, file) },
                _ => new RecordingHandler(), CancellationToken.None));
            fault.Message.ShouldContain(file);
        }
    }
}
