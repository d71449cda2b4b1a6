using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Server.Tests.Fixtures;

namespace DistTrain.Server.Tests.Http;

public sealed class ProblemTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("1")]
    [InlineData("20001")]
    [InlineData("-5")]
    public async Task A_number_of_points_out_of_bounds_is_a_400_that_says_what_would_be_right(string points)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        server.Cluster.Add("one");
        JsonElement problem = await RunningServer.ProblemAsync(
            await server.GetAsync($"/api/v1/jobs/one/steps?points={points}"), 400);
        problem.GetProperty("detail").GetString().ShouldBe($"points: {points}; give 2 to 20000");
        await RunningServer.ProblemAsync(await server.GetAsync("/api/v1/jobs/none/steps"), 404);
    }

    [Fact]
    public async Task A_bad_job_is_a_400_with_every_fault()
    {
        JsonElement problem = await RunningServer.ProblemAsync(
            await _server.PostAsync("/api/v1/jobs", """{"job": {"name": "bad"}, "source": "j.json"}"""), 400);
        problem.GetProperty("errors").EnumerateArray().Select(error => error.GetString())
            .ShouldBe(["j.json:1: first fault", "j.json:2: second"]);
        problem.GetProperty("type").GetString().ShouldBe("urn:disttrain:problem:fault");
    }

    [Theory]
    [InlineData("{\n  \"job\": {},\n  oops }", "request body:3:3")]
    [InlineData("", "request body:1:1")]
    [InlineData("{\"job\": {}", "request body:1:11")]
    [InlineData("{\"job\": {}, \"set\": 7}", "$.set")]
    [InlineData("{\"job\": {}, \"source\": [1]}", "$.source")]
    [InlineData("\"\\ud800\"x", "request body:1:")]
    public async Task A_malformed_body_is_a_400_with_its_place(string body, string place)
    {
        JsonElement problem = await RunningServer.ProblemAsync(
            await _server.PostAsync("/api/v1/jobs", body), 400);
        problem.GetProperty("errors")[0].GetString().ShouldNotBeNull().ShouldContain(place);
        _server.Cluster.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_that_is_not_UTF8_or_nested_too_deep_is_a_400()
    {
        using var notText = new ByteArrayContent([(byte)'"', 0xff, (byte)'"']);
        notText.Headers.ContentType = new("application/json");
        await RunningServer.ProblemAsync(await _server.Http.PostAsync("/api/v1/jobs", notText), 400);
        string deep = new('[', 100_000);
        await RunningServer.ProblemAsync(await _server.PostAsync("/api/v1/jobs", deep), 400);
    }

    [Fact]
    public async Task A_raw_job_file_is_taken_as_one()
    {
        HttpResponseMessage response = await _server.PostAsync("/api/v1/jobs", "{ \"name\":\n \"fine\" }");
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.Location!.ToString().ShouldBe("/api/v1/jobs/fake-1");
        _server.Cluster.Submitted.Single().JobJson.ShouldBe("{ \"name\":\n \"fine\" }");
    }

    [Fact]
    public async Task An_oversized_body_is_a_413_with_and_without_a_declared_length()
    {
        string body = $$$"""{"job": {"name": "{{{new string('x', 5 << 20)}}}"}}""";
        await RunningServer.ProblemAsync(await _server.PostAsync("/api/v1/jobs", body), 413);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/jobs")
        {
            Content = new StreamContent(new Unsized(Encoding.UTF8.GetBytes(body))),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = true;
        await RunningServer.ProblemAsync(await _server.Http.SendAsync(request), 413);
        _server.Cluster.Add("one");
        string scale = $$"""{"workers": 1, "note": "{{new string('x', 70_000)}}"}""";
        JsonElement problem = await RunningServer.ProblemAsync(
            await _server.PostAsync("/api/v1/jobs/one/scale", scale), 413);
        problem.GetProperty("detail").GetString().ShouldBe("the body is larger than 64 KiB");
    }

    [Theory]
    [InlineData("GET", "/api/v1/jobs/none", "unknown-job")]
    [InlineData("GET", "/api/v1/jobs/none/result", "unknown-job")]
    [InlineData("GET", "/api/v1/jobs/none/events", "unknown-job")]
    [InlineData("GET", "/api/v1/jobs/none/files/weights", "unknown-job")]
    [InlineData("POST", "/api/v1/jobs/none/pause", "unknown-job")]
    [InlineData("POST", "/api/v1/jobs/none/resume", "unknown-job")]
    [InlineData("POST", "/api/v1/jobs/none/stop", "unknown-job")]
    [InlineData("POST", "/api/v1/cluster/nodes/none/drain", "unknown-node")]
    [InlineData("GET", "/api/v1/jobs/one/files/secrets", "no-route")]
    [InlineData("GET", "/api/v2/jobs", "no-route")]
    [InlineData("GET", "/pages", "no-route")]
    [InlineData("GET", "/openapi/v2.json", "no-route")]
    public async Task What_is_not_there_is_a_404(string method, string path, string type)
    {
        _server.Cluster.Add("one");
        JsonElement problem = await RunningServer.ProblemAsync(
            await _server.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)), 404);
        problem.GetProperty("type").GetString().ShouldBe("urn:disttrain:problem:" + type);
    }

    [Fact]
    public async Task A_result_or_a_file_that_is_not_there_yet_is_a_404_that_tells_the_state()
    {
        _server.Cluster.Add("one", JobState.StoppedEarly);
        foreach (string path in new[] { "result", "files/report" })
        {
            JsonElement problem = await RunningServer.ProblemAsync(
                await _server.GetAsync("/api/v1/jobs/one/" + path), 404);
            problem.GetProperty("type").GetString().ShouldBe("urn:disttrain:problem:not-there");
            problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldEndWith("it is stopped-early");
        }
    }

    [Fact]
    public async Task Stopping_a_finished_job_is_a_409_with_the_reason()
    {
        _server.Cluster.Add("one").Finish();
        JsonElement problem = await RunningServer.ProblemAsync(
            await _server.PostAsync("/api/v1/jobs/one/stop"), 409);
        problem.GetProperty("detail").GetString().ShouldBe("one is finished already");
    }

    [Theory]
    [InlineData("{\"workers\": 0}", 422)]
    [InlineData("{\"workers\": -3}", 422)]
    [InlineData("{}", 422)]
    [InlineData("{\"workers\": \"two\"}", 400)]
    [InlineData("{\"workers\": 1.5}", 400)]
    [InlineData("null", 400)]
    public async Task A_number_of_workers_that_cannot_be_is_a_fault(string body, int status)
    {
        _server.Cluster.Add("one");
        JsonElement problem = await RunningServer.ProblemAsync(
            await _server.PostAsync("/api/v1/jobs/one/scale", body), status);
        problem.GetProperty("errors").GetArrayLength().ShouldBe(1);
        _server.Cluster["one"].View.MaxWorkers.ShouldBe(4);
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/jobs", 405)]
    [InlineData("GET", "/api/v1/jobs/one/stop", 405)]
    [InlineData("PUT", "/api/v1/cluster", 405)]
    public async Task A_wrong_method_is_a_405_that_names_the_right_ones(string method, string path, int status)
    {
        HttpResponseMessage response = await _server.Http.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), path));
        await RunningServer.ProblemAsync(response, status);
        response.Content.Headers.Allow.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_body_of_another_media_type_is_a_415()
    {
        foreach (string type in new[] { "text/plain", "application/x-www-form-urlencoded" })
        {
            await RunningServer.ProblemAsync(await _server.PostAsync("/api/v1/jobs", "{}", type), 415);
        }
    }

    [Theory]
    [InlineData("/api/v1/jobs/one/events?after=x")]
    [InlineData("/api/v1/jobs/one/events?after=-1")]
    public async Task An_event_that_is_no_number_is_a_400(string path)
    {
        _server.Cluster.Add("one");
        await RunningServer.ProblemAsync(await _server.GetAsync(path), 400);
    }

    [Fact]
    public async Task A_failure_inside_is_a_500_that_keeps_its_cause_for_the_log()
    {
        _server.Cluster.Failure = new InvalidOperationException("secret inner workings");
        HttpResponseMessage response = await _server.GetAsync("/api/v1/cluster");
        await RunningServer.ProblemAsync(response, 500);
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("secret");
        _server.Warnings.ShouldHaveSingleItem().ShouldContain("secret inner workings");
        _server.Cluster.Failure = new RunFaultException("the disk is full");
        (await (await _server.GetAsync("/api/v1/cluster")).Content.ReadAsStringAsync())
            .ShouldContain("the disk is full");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_a_fault_that_names_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        (await Should.ThrowAsync<UserFaultException>(RunningServer.StartAsync(port: port)))
            .Message.ShouldContain($"127.0.0.1:{port}");
    }

    /// <summary>A stream that does not tell its length.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
