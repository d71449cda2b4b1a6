using System.IO.Compression;
using System.Net.Http.Headers;
using DistTrain.Api;
using DistTrain.Server.Tests.Fixtures;

namespace DistTrain.Server.Tests.Http;

public sealed class CompressionTests
{
    [Fact]
    public async Task An_answer_is_compressed_for_who_asks_for_it_and_is_the_same()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        byte[] plain = await server.Http.GetByteArrayAsync("/api/v1/cluster");
        using HttpResponseMessage packed = await GetAsync(server, "/api/v1/cluster");
        packed.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        using var unpacked = new MemoryStream();
        await using var gzip = new GZipStream(
            await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        await gzip.CopyToAsync(unpacked);
        unpacked.ToArray().ShouldBe(plain);
    }

    [Fact]
    public async Task Events_and_weights_are_left_as_they_are()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        FakeJob job = server.Cluster.Add("one");
        job.Files[JobFile.Weights] = new byte[10_000];
        job.Finish();
        foreach (string path in new[] { "events", "files/weights" })
        {
            using HttpResponseMessage response = await GetAsync(server, $"/api/v1/jobs/one/{path}");
            response.EnsureSuccessStatusCode();
            response.Content.Headers.ContentEncoding.ShouldBeEmpty(path);
        }
    }

    private static async Task<HttpResponseMessage> GetAsync(RunningServer server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        return await server.Http.SendAsync(request);
    }
}
