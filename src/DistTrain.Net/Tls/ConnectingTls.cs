using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DistTrain.Core;
using DistTrain.Net.Links;

namespace DistTrain.Net.Tls;

/// <summary>
/// The connecting end's view of a certificate: it must name the host and chain to the authority file, or
/// without one to what the system trusts. Revocation is not asked about: a private authority answers no one.
/// </summary>
internal sealed class ConnectingTls
{
    private readonly X509ChainPolicy _policy = new() { RevocationMode = X509RevocationMode.NoCheck };

    /// <exception cref="UserFaultException">The authority file holds no certificate.</exception>
    public ConnectingTls(LinkTls tls)
    {
        if (tls.AuthorityFile is not null)
        {
            _policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            _policy.CustomTrustStore.AddRange(PemFiles.Certificates(tls.AuthorityFile));
        }
    }

    /// <exception cref="LinkRefusedException">The certificate does not hold.</exception>
    /// <exception cref="IOException">The connection broke, which it also does where nobody speaks
    /// TLS.</exception>
    public async Task<(Stream Stream, byte[] Channel)> WrapAsync(
        Stream inner, string host, CancellationToken cancellation)
    {
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = host,
                CertificateChainPolicy = _policy,
            };
            await stream.AuthenticateAsClientAsync(options, cancellation);
        }
        catch (AuthenticationException fault)
        {
            throw new LinkRefusedException(
                $"{host} has no TLS certificate that holds here: {fault.Message}", isPermanent: true, fault);
        }
        return (stream, SHA256.HashData(stream.RemoteCertificate!.GetRawCertData()));
    }
}
