using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DistTrain.Cli.Tests.Harness;
using DistTrain.MultiNode.Tests.Harness;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>
/// Debian's Prometheus as a process of its own, with the rules that are shipped, and its HTTP API.
/// </summary>
internal sealed class Prometheus : IAsyncDisposable
{
    private const string Program = "/usr/bin/prometheus";
    private readonly Process _process;
    private readonly HttpClient _http;

    private Prometheus(Process process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static void Needed()
        => Skip.IfNot(File.Exists(Program), "there is no prometheus here: apt-get install prometheus");

    /// <param name="workspace">Where its data and its configuration go.</param>
    /// <param name="token">What it brings to each target.</param>
    /// <param name="targets">Address by address, under the name of the job they are scraped by.</param>
    public static Prometheus Start(
        Workspace workspace, string token, IReadOnlyDictionary<string, string[]> targets)
    {
        string config = workspace.Write("prometheus.yaml", $"""
            global:
              scrape_interval: 250ms
              scrape_timeout: 250ms
              evaluation_interval: 1s
            rule_files: ["{Needs.RepositoryFile("docker/prometheus/rules.yaml")}"]
            scrape_configs:
            {string.Join('\n', targets.Select(job => $$"""
              - job_name: {{job.Key}}
                authorization: { credentials: "{{token}}" }
                static_configs: [{ targets: [{{string.Join(", ", job.Value)}}] }]
            """))}
            """);
        int port = FreePort();
        var process = Process.Start(new ProcessStartInfo(Program,
        [
            $"--config.file={config}", $"--storage.tsdb.path={workspace.File("tsdb")}",
            $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
        ])
        {
            UseShellExecute = false,
        })!;
        return new Prometheus(process, port);
    }

    /// <summary>
    /// The result of a query, each series by its labels; a query that is refused fails the test.
    /// </summary>
    public async Task<Sample[]> QueryAsync(string query)
    {
        using HttpResponseMessage answer =
            await _http.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        string text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            throw new HttpRequestException("it is still starting");
        }
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{query}\n{text}");
        return [.. JsonElement.Parse(text).GetProperty("data").GetProperty("result").EnumerateArray()
            .Select(Sample.Of)];
    }

    /// <summary>Asks until the rules are as healthy as wanted.</summary>
    public Task<string[]> WhenRulesAsync(Func<string[], bool> wanted)
        => Patience.UntilAsync("the rules are well", async () =>
        {
            string text = await _http.GetStringAsync("/api/v1/rules");
            string[] healths =
            [
                .. JsonElement.Parse(text).GetProperty("data").GetProperty("groups").EnumerateArray()
                    .SelectMany(group => group.GetProperty("rules").EnumerateArray())
                    .Select(rule => rule.GetProperty("health").GetString()!),
            ];
            return wanted(healths) ? healths : null;
        });

    /// <summary>Asks until the answer is as wanted.</summary>
    public Task<Sample[]> WhenAsync(string query, Func<Sample[], bool> wanted)
        => Patience.UntilAsync(query, async () =>
        {
            try
            {
                Sample[] found = await QueryAsync(query);
                return wanted(found) ? found : null;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A series of a query's result at one moment.</summary>
internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value)
{
    public static Sample Of(JsonElement series) => new(
        series.GetProperty("metric").EnumerateObject()
            .ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal),
        double.Parse(series.GetProperty("value")[1].GetString()!.Replace("Inf", "Infinity")));
}
