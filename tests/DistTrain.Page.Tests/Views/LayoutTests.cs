using DistTrain.Page.Tests.Harness;
using DistTrain.Server.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace DistTrain.Page.Tests.Views;

/// <summary>The page on small screens, in the dark, without a mouse, and at its first moment.</summary>
public sealed class LayoutTests(Browser browser, ITestOutputHelper output) : PageTest(browser, output)
{
    private const long MostScriptBytes = 300_000;

    [SkippableTheory]
    [InlineData(320, 640)]
    [InlineData(390, 844)]
    [InlineData(768, 1024)]
    public async Task No_screen_is_too_narrow(int width, int height)
    {
        var cluster = new FakeCluster();
        cluster.AddWithSteps("a-job-with-a-name-that-goes-on-and-on-and-on-beyond-any-phone", 50);
        OpenPage page = await OpenAsync(await ServeAsync(cluster), new()
        {
            ViewportSize = new() { Width = width, Height = height },
            IsMobile = true,
            HasTouch = true,
        });
        await OpenPage.IsShownAsync(page.Worker(FakeCluster.Node));
        await page.UntilAsync("document.querySelector('[data-chart=Loss]')?.dataset.points === '50'");
        int wide = await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        wide.ShouldBeLessThanOrEqualTo(width, "nothing is pushed off the side");
    }

    [SkippableFact]
    public async Task Dark_follows_the_system_and_the_switch_beats_it_for_good()
    {
        OpenPage page = await OpenAsync(
            await ServeAsync(new FakeCluster()), new() { ColorScheme = ColorScheme.Dark });
        (await LightnessAsync(page)).ShouldBeLessThan(60);
        await page.Button("Theme: system").ClickAsync();
        await OpenPage.IsShownAsync(page.Button("Theme: light"));
        (await LightnessAsync(page)).ShouldBeGreaterThan(200);
        await page.Page.ReloadAsync();
        await OpenPage.IsShownAsync(page.Button("Theme: light"));
        (await LightnessAsync(page)).ShouldBeGreaterThan(200);
    }

    [SkippableFact]
    public async Task A_keyboard_is_enough()
    {
        var cluster = new FakeCluster();
        cluster.Add("one");
        cluster.Add("two");
        OpenPage page = await OpenAsync(await ServeAsync(cluster));
        IKeyboard keys = page.Page.Keyboard;
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog);
        await OpenPage.IsShownAsync(page.Panel("two")); // the newest, of those that run
        await keys.PressAsync("j");
        await OpenPage.IsShownAsync(page.Panel("one"));
        await keys.PressAsync("k");
        await OpenPage.IsShownAsync(page.Panel("two"));
        await keys.PressAsync("p");
        await OpenPage.SaysAsync(page.Panel("two"), "paused");
        await keys.PressAsync("x");
        await OpenPage.SaysAsync(dialog, "Stop two?");
        await keys.PressAsync("Escape");
        await OpenPage.IsHiddenAsync(dialog);
        cluster["two"].View.State.ShouldBe(Core.Cluster.JobState.Paused, "Escape leaves without a deed");
        await keys.PressAsync("s");
        await OpenPage.SaysAsync(dialog, "Scale two");
        await keys.PressAsync("Control+A");
        await keys.TypeAsync("3");
        await keys.PressAsync("Enter");
        await OpenPage.SaysAsync(page.Panel("two"), "of 3 at most");
        await OpenPage.IsHiddenAsync(dialog); // the news of a deed may be there before its answer
        await keys.PressAsync("n");
        await OpenPage.SaysAsync(dialog, "New job");
        await keys.TypeAsync("p"); // a letter in a field is no shortcut
        await keys.PressAsync("Escape");
        await OpenPage.IsHiddenAsync(dialog);
        await keys.PressAsync("?");
        await OpenPage.SaysAsync(dialog, "new job");
        await keys.PressAsync("Escape");
        await OpenPage.IsHiddenAsync(dialog);
        await keys.PressAsync("l");
        await OpenPage.IsShownAsync(page.Page.Locator(".lines:focus"));
    }

    [SkippableFact]
    public async Task Tab_visits_what_can_be_done_in_the_order_it_is_read_and_shows_where_it_is()
    {
        var cluster = new FakeCluster();
        cluster.Add("one");
        cluster.Nodes[0] = cluster.Nodes[0] with { State = Api.NodeState.Alive };
        OpenPage page = await OpenAsync(await ServeAsync(cluster));
        await OpenPage.IsShownAsync(page.Panel("one"));
        await OpenPage.IsShownAsync(page.Button($"Drain {FakeCluster.Node}"));
        var visited = new List<string>();
        for (int press = 0; press < 11; press++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            visited.Add(await page.Page.EvaluateAsync<string>(
                "(document.activeElement.ariaLabel ?? document.activeElement.textContent).slice(0, 12)"));
            string outline = await page.Page.EvaluateAsync<string>(
                "getComputedStyle(document.activeElement).outlineStyle");
            outline.ShouldBe("solid", visited[^1]);
        }

        visited.ShouldBe([
            "Theme: syste", "Shortcuts", "New job", "one, running", "Drain node-1", "Pause", "Scale…",
            "Stop…", "Download a f", "Cluster", "This job",
        ]);
    }

    [SkippableFact]
    public async Task Names_and_texts_stay_text()
    {
        const string Markup = "<img src=x onerror=alert(1)>";
        var cluster = new FakeCluster();
        cluster.Add(Markup).TellNotice(Markup);
        cluster.Nodes[0] = cluster.Nodes[0] with { Name = Markup };
        OpenPage page = await OpenAsync(await ServeAsync(cluster));
        await page.Button("This job").ClickAsync();
        await OpenPage.SaysAsync(page.Panel("Log"), Markup);
        await OpenPage.SaysAsync(page.Panel("Cluster"), Markup);
        (await page.Page.Locator("img").CountAsync()).ShouldBe(0);
    }

    [SkippableFact]
    public async Task The_page_is_small_and_painted_at_once()
    {
        Uri address = await ServeAsync(new FakeCluster());
        await OpenAsync(address); // a browser that has just been started is slow at everything
        OpenPage page = await OpenAsync(address);
        await OpenPage.IsShownAsync(page.Worker(FakeCluster.Node));
        double paint = await page.Page.EvaluateAsync<double>(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1");
        double answer = await page.Page.EvaluateAsync<double>(
            "performance.getEntriesByType('navigation')[0].responseEnd");
        Say($"measured: first paint after {paint:0} ms, {answer:0} of them for the answer; "
            + $"{Built.BytesOf(".js")} bytes of script, {Built.BytesOf(".css")} of style");
        Built.BytesOf(".js").ShouldBeInRange(1, MostScriptBytes);
        int requests = await page.Page.EvaluateAsync<int>(
            "performance.getEntriesByType('resource').filter(r => r.name.includes('/page/')).length");
        requests.ShouldBeLessThanOrEqualTo(3, "script, style, icon");
    }

    /// <summary>Of the page's ground, from 0 to 255.</summary>
    private static Task<int> LightnessAsync(OpenPage page) => page.Page.EvaluateAsync<int>(
        "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])");
}
