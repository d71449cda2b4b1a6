using System.Security.Cryptography;

namespace DistTrain.Build;

/// <summary>
/// Sees to what renders the Kubernetes manifests in tests: kubectl or kustomize, where one is here already;
/// else kustomize from Debian 13's archive, unpacked below artifacts/, for Debian 12 itself has none that is
/// new enough. Where that cannot be had, those tests are skipped and say so.
/// </summary>
internal static class Kustomize
{
    private const string Address =
        "https://deb.debian.org/debian/pool/main/k/kustomize/kustomize_5.6.0+ds-1+b2_amd64.deb";

    private const string Sha256 = "552bbe5563b522685b10f75a9a226bfbee9778fc313b205d595fdbb7e9c70e33";

    public static void Provide()
    {
        string folder = Repository.PathOf("artifacts/tools/kustomize");
        if (File.Exists(Path.Combine(folder, "usr/bin/kustomize")) || IsHere()
            || Tool.Ask("dpkg", "--print-architecture")?.Trim() != "amd64")
        {
            return;
        }

        string package = folder + ".deb";
        Directory.CreateDirectory(folder);
        try
        {
            Tool.Say("fetching kustomize, which renders the Kubernetes manifests");
            using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
            byte[] bytes = client.GetByteArrayAsync(Address).GetAwaiter().GetResult();
            string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (found != Sha256)
            {
                throw new FaultException($"{Address}: SHA-256 is {found} instead of {Sha256}");
            }

            File.WriteAllBytes(package, bytes);
            Tool.Run("setup: kustomize", "dpkg-deb", ["-x", package, folder]);
            File.Delete(package);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Tool.Say($"no kustomize ({e.Message}); tests of the manifests will be skipped");
        }
    }

    /// <summary>Versions before 4 do not take a folder among the resources.</summary>
    private static bool IsHere()
    {
        string? kubectl = Tool.Ask("kubectl", "version", "--client");
        int at = kubectl?.IndexOf("Kustomize Version: v", StringComparison.Ordinal) ?? -1;
        bool isNew = at >= 0 && kubectl![at + "Kustomize Version: v".Length] is >= '4' and <= '9';
        return isNew || Tool.Ask("kustomize", "version") is not null;
    }
}
