using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DistTrain.Server.Tests.Fixtures;

namespace DistTrain.Server.Tests.Http;

public sealed class AccessTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer swordfis")]
    [InlineData("Bearer swordfish2")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData("Basic swordfish")]
    [InlineData("swordfish")]
    public async Task Without_the_token_every_route_but_health_is_a_401(string? authorization)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string[] guarded = ["/api/v1/jobs", "/api/v1/nonsense", "/openapi/v1.json", "/pages", "/healthz"];
        foreach (string path in guarded)
        {
            using HttpResponseMessage response = await SendAsync(server, path, authorization);
            JsonElement problem = await RunningServer.ProblemAsync(response, 401);
            problem.GetProperty("type").GetString().ShouldBe("urn:disttrain:problem:unauthorized");
            response.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Bearer");
        }

        foreach (string path in new[] { "/healthz/live", "/healthz/ready" })
        {
            using HttpResponseMessage response = await SendAsync(server, path, authorization);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("Bearer swordfish")]
    [InlineData("bearer swordfish")]
    public async Task With_the_token_the_routes_answer(string authorization)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage response = await SendAsync(server, "/api/v1/jobs", authorization);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_token_set_programs_may_and_web_pages_may_not()
    {
        await using RunningServer server = await RunningServer.StartAsync(token: null);
        server.Cluster.Add("one");
        (await server.GetAsync("/api/v1/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Http.DefaultRequestHeaders.Add("Origin", "https://example.org");
        await RunningServer.ProblemAsync(await server.PostAsync("/api/v1/jobs/one/stop"), 403);
        server.Cluster["one"].View.State.ShouldBe(Core.Cluster.JobState.Running);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}", "127.0.0.1:{0}", true)]
    [InlineData("http://localhost:{0}", "localhost:{0}", true)]
    [InlineData("http://127.0.0.1:1", "127.0.0.1:{0}", false)]
    [InlineData("https://127.0.0.1:{0}", "127.0.0.1:{0}", false)]
    [InlineData("http://evil.example:{0}", "127.0.0.1:{0}", false)]
    [InlineData("http://evil.example:{0}", "evil.example:{0}", false)] // its DNS may say anything by now
    [InlineData("null", "127.0.0.1:{0}", false)]
    public async Task Without_a_token_set_only_the_servers_own_page_may_command(
        string origin, string host, bool isAllowed)
    {
        await using RunningServer server = await RunningServer.StartAsync(token: null);
        server.Cluster.Add("one");
        int port = server.Server.Address.Port;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/jobs/one/stop");
        request.Headers.Add("Origin", string.Format(origin, port));
        request.Headers.Host = string.Format(host, port);
        using HttpResponseMessage response = await server.Http.SendAsync(request);
        response.StatusCode.ShouldBe(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        server.Cluster["one"].View.State.ShouldBe(
            isAllowed ? Core.Cluster.JobState.Stopped : Core.Cluster.JobState.Running);
    }

    [Fact]
    public async Task Ready_follows_the_coordinator_and_live_does_not()
    {
        string? why = "still reading the state directory";
        await using RunningServer server = await RunningServer.StartAsync(
            change: options => options with { WhyNotReady = () => why });
        JsonElement problem = await RunningServer.ProblemAsync(await server.GetAsync("/healthz/ready"), 503);
        problem.GetProperty("detail").GetString().ShouldBe(why);
        (await server.Http.GetStringAsync("/healthz/live")).ShouldBe("""{"status":"live"}""");
        why = null;
        (await server.Http.GetStringAsync("/healthz/ready")).ShouldBe("""{"status":"ready"}""");
    }

    private static async Task<HttpResponseMessage> SendAsync(
        RunningServer server, string path, string? authorization)
    {
        using var http = new HttpClient { BaseAddress = server.Server.Address };
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await http.SendAsync(request);
    }
}
