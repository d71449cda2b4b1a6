using System.Net;
using DistTrain.Api;
using DistTrain.Server.Tests.Fixtures;

namespace DistTrain.Server.Tests.Streaming;

public sealed class EventStreamTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync()
        => _server = await RunningServer.StartAsync(change: options => options with { Time = _time });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Events_are_told_with_id_type_and_data()
    {
        FakeJob job = _server.Cluster.Add("one");
        job.TellNotice("two\nlines");
        job.Finish("{}");
        HttpResponseMessage response = await _server.GetAsync("/api/v1/jobs/one/events");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await response.Content.ReadAsStringAsync()).ShouldBe(
            """
            : events of a job

            id: 1
            event: notice
            data: {"sequence":1,"time":"1970-01-01T00:00:00+00:00","notice":"two\nlines"}

            id: 2
            event: result
            data: {"sequence":2,"time":"1970-01-01T00:00:00+00:00","result":"{}"}


            """);
    }

    [Theory]
    [InlineData("", "", 3)]
    [InlineData("1", "", 2)]
    [InlineData("", "1", 2)]
    [InlineData("2", "1", 1)]
    public async Task A_watcher_goes_on_where_the_header_or_else_the_parameter_says(
        string header, string parameter, int expected)
    {
        FakeJob job = _server.Cluster.Add("one");
        job.TellNotice("1");
        job.TellNotice("2");
        job.Finish();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, "/api/v1/jobs/one/events" + (parameter.Length > 0 ? "?after=" + parameter : ""));
        if (header.Length > 0)
        {
            request.Headers.Add(ApiRoutes.LastEventId, header);
        }

        string text = await (await _server.Http.SendAsync(request)).Content.ReadAsStringAsync();
        text.Split("\nid: ").Length.ShouldBe(expected + 1);
    }

    [Fact]
    public async Task A_watcher_that_has_seen_all_of_a_finished_job_is_told_not_to_come_back()
    {
        _server.Cluster.Add("one").Finish();
        (await _server.GetAsync("/api/v1/jobs/one/events?after=1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_quiet_stream_says_a_comment_every_fifteen_seconds()
    {
        FakeJob job = _server.Cluster.Add("one");
        using HttpResponseMessage response = await _server.Http.GetAsync(
            "/api/v1/jobs/one/events", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        (await lines.ReadLineAsync()).ShouldBe(": events of a job");
        await lines.ReadLineAsync();
        for (int i = 0; i < 3; i++)
        {
            _time.Elapse(TimeSpan.FromSeconds(15)).ShouldBe(1);
            (await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(": still here");
            await lines.ReadLineAsync();
        }

        job.Finish("{}");
        (await lines.ReadLineAsync()).ShouldBe("id: 1");
    }

    [Fact]
    public async Task A_server_that_goes_ends_its_streams_at_once()
    {
        _server.Cluster.Add("one").TellNotice("1");
        using HttpResponseMessage response = await _server.Http.GetAsync(
            "/api/v1/jobs/one/events", HttpCompletionOption.ResponseHeadersRead);
        Task<string> all = response.Content.ReadAsStringAsync();
        await _server.Server.DisposeAsync();
        (await all.WaitAsync(TimeSpan.FromSeconds(30))).ShouldContain("id: 1");
    }
}
