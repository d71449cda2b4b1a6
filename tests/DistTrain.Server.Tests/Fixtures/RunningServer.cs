using System.Net;
using System.Text;
using System.Text.Json;
using DistTrain.Api;

namespace DistTrain.Server.Tests.Fixtures;

/// <summary>A real server on a free port of this machine, over a fake coordinator.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    public const string Token = "swordfish";

    private RunningServer(ApiServer server, FakeCluster cluster, List<string> warnings, string? token)
    {
        (Server, Cluster, Warnings) = (server, cluster, warnings);
        Http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
        {
            Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    internal ApiServer Server { get; }
    public FakeCluster Cluster { get; }
    public List<string> Warnings { get; }

    /// <summary>Brings the token.</summary>
    public HttpClient Http { get; }

    public static async Task<RunningServer> StartAsync(
        FakeCluster? cluster = null, string? token = Token, int port = 0,
        Func<ApiServerOptions, ApiServerOptions>? change = null)
    {
        var warnings = new List<string>();
        cluster ??= new FakeCluster();
        var options = new ApiServerOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, port),
            Token = token,
            Warn = warnings.Add,
        };
        ApiServer server = await ApiServer.StartAsync(cluster, change?.Invoke(options) ?? options);
        return new RunningServer(server, cluster, warnings, token);
    }

    public ClusterClient Client(Func<ClusterClientOptions, ClusterClientOptions>? change = null)
    {
        var options = new ClusterClientOptions
        {
            Server = Server.Address,
            Token = Token,
            FirstPause = TimeSpan.FromMilliseconds(5),
        };
        return new ClusterClient(change?.Invoke(options) ?? options);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path);

    public Task<HttpResponseMessage> PostAsync(
        string path, string? body = null, string mediaType = "application/json")
        => Http.PostAsync(path, body is null ? null : new StringContent(body, Encoding.UTF8, mediaType));

    /// <summary>Holds the answer to be a problem and gives it.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, int status)
    {
        string text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", text);
        text.ShouldNotContain("   at "); // no stack trace
        JsonElement problem = JsonElement.Parse(text);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
