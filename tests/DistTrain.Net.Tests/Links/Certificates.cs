using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DistTrain.Net.Links;

namespace DistTrain.Net.Tests.Links;

/// <summary>
/// An authority made for the tests, and a certificate of it for this machine, in PEM files.
/// </summary>
public sealed class Certificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("disttrain-tls-");

    public Certificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        using var authority = request.CreateSelfSigned(from, from.AddYears(1));
        AuthorityFile = Write("ca.pem", authority.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        leaf.CertificateExtensions.Add(names.Build());
        using var certificate = leaf.Create(authority, from, from.AddMonths(6), [1, 2, 3, 4]);
        CertificateFile = Write("cert.pem", certificate.ExportCertificatePem());
        KeyFile = Write("key.pem", key.ExportPkcs8PrivateKeyPem());
    }

    public string AuthorityFile { get; }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    public LinkTls Listening => new(CertificateFile, KeyFile, null);

    public LinkTls Connecting => new(null, null, AuthorityFile);

    public string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
