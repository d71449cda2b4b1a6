using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DistTrain.Api;
using DistTrain.Server.Streaming;
using DistTrain.Server.Tests.Fixtures;

namespace DistTrain.Server.Tests.Streaming;

public sealed class FileTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(JobFile.Job, "application/json")]
    [InlineData(JobFile.Metrics, "application/x-ndjson")]
    [InlineData(JobFile.Weights, "application/octet-stream")]
    [InlineData(JobFile.Report, "text/html")]
    [InlineData(JobFile.Summary, "application/json")]
    [InlineData(JobFile.Timeline, "application/octet-stream")]
    public async Task A_file_has_its_media_type(JobFile file, string type)
    {
        _server.Cluster.Add("one").Files[file] = Encoding.UTF8.GetBytes("content");
        HttpResponseMessage response = await _server.GetAsync(
            $"/api/v1/jobs/one/files/{ApiRoutes.NameOf(file)}");
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await response.Content.ReadAsStringAsync()).ShouldBe("content");
    }

    [Theory]
    [InlineData(0, 2, "con", HttpStatusCode.PartialContent)]
    [InlineData(3, null, "tent", HttpStatusCode.PartialContent)]
    [InlineData(null, 2, "nt", HttpStatusCode.PartialContent)]
    [InlineData(100, null, null, HttpStatusCode.RequestedRangeNotSatisfiable)]
    public async Task A_range_of_a_file_is_answered(int? from, int? to, string? text, HttpStatusCode status)
    {
        _server.Cluster.Add("one").Files[JobFile.Weights] = Encoding.UTF8.GetBytes("content");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/jobs/one/files/weights");
        request.Headers.Range = new RangeHeaderValue(from, to);
        HttpResponseMessage response = await _server.Http.SendAsync(request);
        response.StatusCode.ShouldBe(status);
        if (text is not null)
        {
            (await response.Content.ReadAsStringAsync()).ShouldBe(text);
        }
    }

    [Fact]
    public void A_file_that_grows_while_it_is_sent_stays_as_long_as_it_was()
    {
        var growing = new MemoryStream();
        growing.Write("first\n"u8);
        growing.Position = 0;
        var frozen = new FrozenLength(growing);
        growing.Position = growing.Length;
        growing.Write("second\n"u8);
        growing.Position = 0;
        frozen.Length.ShouldBe(6);
        new StreamReader(frozen).ReadToEnd().ShouldBe("first\n");
        frozen.Seek(-3, SeekOrigin.End).ShouldBe(3);
    }
}
