using System.Net;
using DistTrain.Server;
using DistTrain.Server.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace DistTrain.Page.Tests.Harness;

/// <summary>A test of the page, before a cluster in memory or a real one of processes.</summary>
[Collection(PageTests.Name)]
public abstract class PageTest(Browser browser, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<OpenPage> _pages = [];
    private readonly List<ApiServer> _servers = [];
    private readonly List<TestCluster> _clusters = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (OpenPage page in _pages)
        {
            await page.DisposeAsync();
        }

        foreach (ApiServer server in _servers)
        {
            await server.DisposeAsync();
        }

        foreach (TestCluster cluster in _clusters)
        {
            await cluster.DisposeAsync();
            output.WriteLine(cluster.Transcript.ToString());
        }

        _pages.ForEach(page => page.IsBlameless());
    }

    internal void Say(string line) => output.WriteLine(line);

    /// <summary>Opens the page of a server.</summary>
    internal async Task<OpenPage> OpenAsync(
        Uri address, BrowserNewContextOptions? options = null, string path = "")
    {
        OpenPage page = await OpenPage.OpenAsync(browser, address, options, path);
        _pages.Add(page);
        return page;
    }

    /// <summary>A server before a cluster that is in memory.</summary>
    internal async Task<Uri> ServeAsync(FakeCluster cluster, string? token = null)
    {
        Built.Need();
        ApiServer server = await ApiServer.StartAsync(cluster, new ApiServerOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Token = token,
        });
        _servers.Add(server);
        return server.Address;
    }

    /// <summary>A coordinator and workers as processes.</summary>
    internal async Task<TestCluster> StartAsync(ClusterOptions? options = null, params string[] workers)
    {
        Built.Need();
        Needs.Engine();
        Needs.Signals();
        var cluster = new TestCluster(options ?? new ClusterOptions());
        _clusters.Add(cluster);
        await cluster.StartCoordinatorAsync();
        await cluster.StartWorkersAsync(workers);
        return cluster;
    }
}
