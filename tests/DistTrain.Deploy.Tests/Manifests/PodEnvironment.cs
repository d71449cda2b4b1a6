using System.Text;
using System.Text.Json.Nodes;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

/// <summary>
/// The variables that a pod's program finds, put together from the pod, its ConfigMaps and Secrets as the
/// kubelet does. A map, a secret or a key that is not there is a fault.
/// </summary>
internal static class PodEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(Overlay overlay, PodTemplate pod)
    {
        Dictionary<string, string> variables = [];
        foreach (JsonNode? source in pod.Container["envFrom"]!.AsArray())
        {
            JsonObject map = overlay.Named("ConfigMap", (string)source!["configMapRef"]!["name"]!);
            foreach ((string name, string text) in PodTemplate.Strings(map["data"]!))
            {
                variables.Add(name, text);
            }
        }

        foreach (JsonNode? variable in pod.Container["env"]!.AsArray())
        {
            // What the pod says itself is stronger.
            variables[(string)variable!["name"]!] =
                (string?)variable["value"] ?? From(variable["valueFrom"]!, overlay, pod);
        }

        return variables;
    }

    private static string From(JsonNode source, Overlay overlay, PodTemplate pod)
    {
        if (source["secretKeyRef"] is { } key)
        {
            JsonObject secret = overlay.Named("Secret", (string)key["name"]!);
            string encoded = (string)secret["data"]![(string)key["key"]!]!;
            return Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        }

        if (source["fieldRef"] is { } field)
        {
            ((string?)field["fieldPath"]).ShouldBe("metadata.name");
            // As a Deployment names its pods.
            return $"{pod.Name}-5d9c7b6f4d-x2x7q";
        }

        JsonNode resource = source["resourceFieldRef"]!;
        ((string?)resource["containerName"]).ShouldBe((string?)pod.Container["name"]);
        ((string?)resource["resource"]).ShouldBe("requests.cpu");
        ((string?)resource["divisor"]).ShouldBe("1");
        return $"{Math.Ceiling(Processors((string)pod.Container["resources"]!["requests"]!["cpu"]!))}";
    }

    /// <summary>"2" or "250m", thousandths.</summary>
    private static decimal Processors(string quantity)
        => quantity.EndsWith('m') ? decimal.Parse(quantity[..^1]) / 1000 : decimal.Parse(quantity);
}
