using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DistTrain.Core;

namespace DistTrain.Net.Tls;

/// <summary>
/// Certificates from PEM files; what is wrong with a file is the user's fault and names the file.
/// </summary>
internal static class PemFiles
{
    public static X509Certificate2 CertificateWithKey(string certificateFile, string keyFile)
        => Read($"{certificateFile} with key {keyFile}", "a PEM certificate and its plain PEM key", () =>
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            // Windows takes no key that lives in memory only: a round through PKCS#12 gives it one it takes.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        });

    public static X509Certificate2Collection Certificates(string file)
        => Read(file, "PEM certificates", () =>
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0
                ? certificates
                : throw new CryptographicException("there is no certificate in it");
        });

    private static T Read<T>(string what, string right, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException
            or CryptographicException or ArgumentException)
        {
            throw new UserFaultException($"{what}: {fault.Message.TrimEnd('.')}; expected {right}", fault);
        }
    }
}
