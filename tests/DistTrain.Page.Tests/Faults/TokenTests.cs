using DistTrain.Page.Tests.Harness;
using DistTrain.Server.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace DistTrain.Page.Tests.Faults;

/// <summary>The token, where the coordinator has one.</summary>
public sealed class TokenTests(Browser browser, ITestOutputHelper output) : PageTest(browser, output)
{
    private const string Token = "swordfish";

    [SkippableFact]
    public async Task Without_a_token_set_nobody_is_asked_for_one()
    {
        OpenPage page = await OpenAsync(await ServeAsync(new FakeCluster()));
        await OpenPage.IsShownAsync(page.Worker(FakeCluster.Node));
        await OpenPage.IsHiddenAsync(page.Page.GetByLabel("The cluster's token"));
        await OpenPage.IsHiddenAsync(page.Button("Sign out"));
    }

    [SkippableFact]
    public async Task A_wrong_token_is_told_in_one_line_and_the_right_one_is_accepted()
    {
        OpenPage page = await OpenAsync(await ServeAsync(new FakeCluster(), Token));
        await OpenPage.IsHiddenAsync(page.Panel("Cluster"));
        await SignInAsync(page, "sardine");
        ILocator fault = page.Page.GetByRole(AriaRole.Alert);
        await OpenPage.SaysAsync(fault, "The coordinator does not accept this token.");
        await OpenPage.IsHiddenAsync(page.Panel("Cluster"));
        await SignInAsync(page, Token);
        await OpenPage.IsShownAsync(page.Worker(FakeCluster.Node));
        await OpenPage.IsHiddenAsync(page.Page.GetByLabel("The cluster's token"));
    }

    [SkippableFact]
    public async Task The_token_stays_in_the_tab_over_a_reload_and_goes_with_signing_out()
    {
        OpenPage page = await OpenAsync(await ServeAsync(new FakeCluster(), Token));
        await SignInAsync(page, Token);
        await OpenPage.IsShownAsync(page.Worker(FakeCluster.Node));
        await page.Page.ReloadAsync();
        await OpenPage.IsShownAsync(page.Worker(FakeCluster.Node));
        (await page.Page.EvaluateAsync<string>("JSON.stringify(localStorage) + document.cookie"))
            .ShouldNotContain(Token);
        await page.Button("Sign out").ClickAsync();
        await OpenPage.IsShownAsync(page.Page.GetByLabel("The cluster's token"));
        (await page.Page.EvaluateAsync<string>("JSON.stringify(sessionStorage)")).ShouldNotContain(Token);
        await OpenPage.IsHiddenAsync(page.Worker(FakeCluster.Node));
    }

    [SkippableFact]
    public async Task A_token_that_is_no_longer_accepted_asks_for_another()
    {
        OpenPage page = await OpenAsync(await ServeAsync(new FakeCluster(), Token));
        await SignInAsync(page, Token);
        await OpenPage.IsShownAsync(page.Worker(FakeCluster.Node));
        await page.Page.EvaluateAsync("sessionStorage.setItem('disttrain-token', 'old')");
        await OpenPage.SaysAsync(
            page.Page.GetByRole(AriaRole.Alert), "The coordinator does not accept the token any more.");
    }

    private static async Task SignInAsync(OpenPage page, string token)
    {
        await page.Page.GetByLabel("The cluster's token").FillAsync(token);
        await page.Button("Sign in").ClickAsync();
    }
}
