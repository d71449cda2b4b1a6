using DistTrain.Page.Tests.Harness;
using DistTrain.Server.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace DistTrain.Page.Tests.Views;

/// <summary>The page for somebody who has just started a browser: nothing is cached, nothing is compiled.</summary>
public sealed class ColdStartTests(Browser browser, ITestOutputHelper output) : PageTest(browser, output)
{
    private const int Starts = 5;
    private readonly Browser _browser = browser;

    [SkippableFact]
    public async Task A_browser_that_has_just_been_started_paints_the_page()
    {
        var paints = new List<double>();
        for (int start = 0; start < Starts; start++)
        {
            // Each has a server that has answered nobody yet, though one process serves them all.
            Uri address = await ServeAsync(new FakeCluster());
            await using IBrowser cold = await _browser.StartAnotherAsync();
            IPage page = await cold.NewPageAsync();
            page.SetDefaultTimeout(OpenPage.PatienceMs);
            await page.GotoAsync(address.ToString());
            await OpenPage.IsShownAsync(page.Locator($".worker[data-node='{FakeCluster.Node}']"));
            Timings timings = await TimingsAsync(page);
            timings.Answer.ShouldBeLessThanOrEqualTo(timings.Paint);
            paints.Add(timings.Paint);
            Say($"measured: cold browser {start + 1}: first contentful paint after {timings.Paint:0} ms, "
                + $"{timings.Answer:0} of them for the page's text, {timings.Script:0} for its script");
        }

        paints.Sort();
        Say($"measured: cold browser: median {paints[Starts / 2]:0} ms, slowest {paints[^1]:0} ms");
    }

    /// <summary>Milliseconds from the start of the navigation, as the browser has them.</summary>
    private static async Task<Timings> TimingsAsync(IPage page)
    {
        // What is in the document may not have been painted yet.
        await page.WaitForFunctionAsync(
            "() => performance.getEntriesByName('first-contentful-paint').length > 0");
        return new Timings(
            await AskAsync("getEntriesByName('first-contentful-paint')[0].startTime"),
            await AskAsync("getEntriesByType('navigation')[0].responseEnd"),
            await AskAsync("getEntriesByType('resource').find(r => r.name.endsWith('.js')).responseEnd"));

        Task<double> AskAsync(string what) => page.EvaluateAsync<double>($"performance.{what}");
    }

    /// <param name="Paint">First contentful paint.</param>
    /// <param name="Answer">The last byte of index.html.</param>
    /// <param name="Script">The last byte of the script.</param>
    private sealed record Timings(double Paint, double Answer, double Script);
}
