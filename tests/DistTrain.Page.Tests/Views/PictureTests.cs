using DistTrain.Api;
using DistTrain.Page.Tests.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace DistTrain.Page.Tests.Views;

/// <summary>
/// The pictures of docs/page.md, of a real cluster: taken anew where DISTTRAIN_ACCEPT is set, as golden files
/// are, and skipped elsewhere.
/// </summary>
public sealed class PictureTests(Browser browser, ITestOutputHelper output) : PageTest(browser, output)
{
    [SkippableFact]
    public async Task Pictures_for_the_docs()
    {
        Skip.If(
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISTTRAIN_ACCEPT")),
            "pictures are taken where DISTTRAIN_ACCEPT is set");
        TestCluster cluster = await StartAsync(ClusterOptions.Alert, "w1", "w2", "w3", "w4");
        await cluster.SubmitUnwatchedAsync(new TestJob { Epochs = 20 });
        TestJob slow = new() { Name = "points-long", Epochs = 4000, Hidden = 250 };
        JobView job = await cluster.Client.SubmitAsync(new SubmitRequest(
            slow.ToJson(cluster.Workspace.Path), "job.json", ["learningRate.base=0.0003", "batch.shards=16"]));
        await cluster.WhenAsync("the second job trains", view => view.Jobs.Any(
            other => other.Id == job.Id && other.Step > 150));
        await cluster.Worker("w3").KillAsync();
        await TakeAsync(cluster, "light", new() { ColorScheme = ColorScheme.Light });
        await TakeAsync(cluster, "dark", new() { ColorScheme = ColorScheme.Dark });
        await TakeAsync(cluster, "phone", new()
        {
            ViewportSize = new() { Width = 390, Height = 844 },
            DeviceScaleFactor = 2,
            IsMobile = true,
            HasTouch = true,
        });
    }

    private async Task TakeAsync(TestCluster cluster, string name, BrowserNewContextOptions options)
    {
        options.ViewportSize ??= new() { Width = 1360, Height = 900 };
        OpenPage page = await OpenAsync(cluster.Http, options);
        await OpenPage.SaysAsync(page.Worker("w3"), "gone");
        await page.UntilAsync("Number(document.querySelector('[data-chart=Loss]')?.dataset.points) > 150");
        await page.UntilAsync("document.querySelector('.noise .band')?.getAttribute('visibility') === 'visible'");
        await page.Page.ScreenshotAsync(new()
        {
            Path = Needs.RepositoryFile($"docs/images/page-{name}.png"),
            FullPage = !(options.IsMobile ?? false),
        });
    }
}
