using System.Text.Json.Nodes;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

/// <summary>
/// The rules of the Pod Security Standards' "restricted" profile, with those of "baseline" it contains
/// (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and two of this house's own:
/// nothing is written outside volumes, and no pod gets a key to the cluster's API.
/// </summary>
internal static class PodSecurityStandard
{
    private static readonly string[] Volumes =
    [
        "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected",
        "secret",
    ];

    /// <summary>What a pod breaks, one line each.</summary>
    public static IReadOnlyList<string> Faults(JsonObject pod)
    {
        List<string> faults = [];
        foreach (string host in (string[])["hostNetwork", "hostPID", "hostIPC"])
        {
            Require((bool?)pod[host] is not true, $"{host} must not be true");
        }

        foreach (JsonObject volume in Each(pod["volumes"]))
        {
            Require(
                volume.All(field => field.Key == "name" || Volumes.Contains(field.Key)),
                $"volume {volume["name"]} must be of one of the kinds {string.Join(", ", Volumes)}");
        }

        const string ApiKey = "automountServiceAccountToken";
        Require((bool?)pod[ApiKey] is false, $"{ApiKey} must be false");
        foreach (JsonObject container in Each(pod["containers"]).Concat(Each(pod["initContainers"])))
        {
            CheckContainer(container, container["securityContext"], pod["securityContext"]);
        }

        return faults;

        // What a container says itself is stronger than what its pod says.
        void CheckContainer(JsonObject container, JsonNode? own, JsonNode? shared)
        {
            JsonNode? capabilities = own?["capabilities"], user = own?["runAsUser"] ?? shared?["runAsUser"];
            JsonNode? nonRoot = own?["runAsNonRoot"] ?? shared?["runAsNonRoot"];
            string seccomp = (string?)(own?["seccompProfile"] ?? shared?["seccompProfile"])?["type"] ?? "";
            Require((bool?)own?["privileged"] is not true, "privileged must not be true");
            Require(
                (bool?)own?["allowPrivilegeEscalation"] is false, "allowPrivilegeEscalation must be false");
            Require((bool?)own?["readOnlyRootFilesystem"] is true, "readOnlyRootFilesystem must be true");
            Require((bool?)nonRoot is true, "runAsNonRoot must be true");
            Require((int?)user is not 0, "runAsUser must not be 0");
            Require(Words(capabilities?["drop"]).Contains("ALL"), "capabilities.drop must contain ALL");
            Require(
                Words(capabilities?["add"]).All(word => word == "NET_BIND_SERVICE"),
                "capabilities.add may contain NET_BIND_SERVICE alone");
            Require(seccomp is "RuntimeDefault" or "Localhost", "seccompProfile must be set");
            Require((string?)own?["procMount"] is null or "Default", "procMount must be Default");
            bool takesHostPort = Each(container["ports"]).Any(port => port["hostPort"] is not null);
            Require(!takesHostPort, "hostPort must not be set");
        }

        void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                faults.Add(otherwise);
            }
        }
    }

    private static IEnumerable<JsonObject> Each(JsonNode? list)
        => list is JsonArray items ? items.Select(item => item!.AsObject()) : [];

    private static IEnumerable<string> Words(JsonNode? list)
        => list is JsonArray items ? items.Select(item => (string)item!) : [];
}
