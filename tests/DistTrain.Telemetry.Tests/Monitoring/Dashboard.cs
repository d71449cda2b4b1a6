using System.Text.Json;
using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>The dashboard's file.</summary>
internal static class Dashboard
{
    public static JsonElement Root { get; } =
        JsonElement.Parse(File.ReadAllText(Needs.RepositoryFile("docker/grafana/dashboards/disttrain.json")));

    public static IEnumerable<JsonElement> Panels => Root.GetProperty("panels").EnumerateArray();

    public static IEnumerable<(string Panel, string Query)> Queries
        => from panel in Panels
           where panel.TryGetProperty("targets", out _)
           from target in panel.GetProperty("targets").EnumerateArray()
           select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!);
}
