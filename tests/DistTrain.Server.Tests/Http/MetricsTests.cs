using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace DistTrain.Server.Tests.Http;

public sealed class MetricsTests
{
    private const string Token = "swordfish";

    [Theory]
    [InlineData(Token, false, null, 401)]
    [InlineData(Token, false, "wrong", 401)]
    [InlineData(Token, false, Token, 200)]
    [InlineData(Token, true, null, 200)]
    [InlineData(null, false, null, 200)]
    public async Task Who_may_read_them(string? token, bool isOpen, string? brought, int status)
    {
        await using MetricsServer server = await StartAsync(token, isOpen);
        using HttpResponseMessage answer = await GetAsync(server, "metrics", brought);

        ((int)answer.StatusCode).ShouldBe(status);
        if (status == 200)
        {
            answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4");
            (await answer.Content.ReadAsStringAsync()).ShouldBe("for */*");
        }
    }

    [Fact]
    public async Task Open_metrics_open_nothing_else()
    {
        await using MetricsServer server = await StartAsync(Token, isOpen: true);

        (await GetAsync(server, "metrics/more", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(server, "api/v1/jobs", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(server, "api/v1/jobs", Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_the_users_fault()
    {
        await using MetricsServer server = await StartAsync(null, isOpen: false);

        Core.UserFaultException fault = await Should.ThrowAsync<Core.UserFaultException>(
            () => StartAsync(null, isOpen: false, server.Address.Port));

        fault.Message.ShouldStartWith($"--metrics 127.0.0.1:{server.Address.Port}: it cannot be listened on");
    }

    [Fact]
    public async Task A_scrape_that_fails_is_told_in_one_line()
    {
        List<string> said = [];
        await using MetricsServer server = await MetricsServer.StartAsync(new ApiServerOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Token = null,
            Metrics = new MetricsOffer((_, _) => throw new Core.RunFaultException("it is going down"), true),
            Warn = said.Add,
        });

        using HttpResponseMessage answer = await GetAsync(server, "metrics", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        said.ShouldBe(["GET /metrics: it is going down"]);
    }

    private static Task<MetricsServer> StartAsync(string? token, bool isOpen, int port = 0)
        => MetricsServer.StartAsync(new ApiServerOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, port),
            Token = token,
            Metrics = new MetricsOffer(
                (accept, _) => Task.FromResult(
                    ("text/plain; version=0.0.4", Encoding.UTF8.GetBytes($"for {accept}"))), isOpen),
        });

    private static async Task<HttpResponseMessage> GetAsync(MetricsServer server, string path, string? token)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd("*/*");
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await http.GetAsync(new Uri(server.Address, path));
    }
}
