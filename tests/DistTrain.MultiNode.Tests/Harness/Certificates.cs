using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>An authority made for a test, and a certificate of it for one address, in PEM files.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly Workspace _files = new();

    public Certificates(string address)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1);
        using X509Certificate2 authority = request.CreateSelfSigned(from, from.AddYears(1));
        _files.Write("ca.pem", authority.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest($"CN={address}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        leaf.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = leaf.Create(authority, from, from.AddMonths(6), [1, 2, 3, 4]);
        _files.Write("cert.pem", certificate.ExportCertificatePem());
        _files.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A cluster that uses them on both ports.</summary>
    public ClusterOptions Options => new()
    {
        CoordinatorOptions = ["--tls-cert", _files.File("cert.pem"), "--tls-key", _files.File("key.pem")],
        WorkerOptions = ["--tls-ca", _files.File("ca.pem")],
        AuthorityFile = _files.File("ca.pem"),
    };

    public void Dispose() => _files.Dispose();
}
