using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DistTrain.Core;
using DistTrain.Net.Links;

namespace DistTrain.Net.Tls;

/// <summary>The listening end's certificate, read once, and what it makes of a connection.</summary>
internal sealed class ListeningTls
{
    private readonly SslServerAuthenticationOptions _options;
    private readonly byte[] _channel;

    /// <exception cref="UserFaultException">The files hold no certificate with its key.</exception>
    public ListeningTls(LinkTls tls)
    {
        if (tls.CertificateFile is null || tls.KeyFile is null)
        {
            throw new UserFaultException("listening with TLS takes a certificate file and its key file");
        }
        var certificate = PemFiles.CertificateWithKey(tls.CertificateFile, tls.KeyFile);
        _channel = SHA256.HashData(certificate.RawData);
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(
                certificate, PemFiles.Certificates(tls.CertificateFile), offline: true),
            ClientCertificateRequired = false,
        };
    }

    public async Task<(Stream Stream, byte[] Channel)> WrapAsync(Stream inner, CancellationToken cancellation)
    {
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        await stream.AuthenticateAsServerAsync(_options, cancellation);
        return (stream, _channel);
    }
}
