using System.Diagnostics;
using DistTrain.Api;
using DistTrain.Page.Tests.Harness;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace DistTrain.Page.Tests.Faults;

/// <summary>
/// A real cluster before the page: what happens to it is told. How long that takes is measured and said, and
/// not judged: this machine may be busy.
/// </summary>
public sealed class ContactTests(Browser browser, ITestOutputHelper output) : PageTest(browser, output)
{
    /// <summary>Long enough for a test, and stopped by its end.</summary>
    private static readonly TestJob Endless = new() { Epochs = 5_000 };

    [SkippableFact]
    public async Task A_job_is_started_from_the_page_and_a_killed_worker_is_told()
    {
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        OpenPage page = await OpenAsync(cluster.Http);
        await OpenPage.IsShownAsync(page.Worker("w2"));
        await SubmitAsync(page, Endless.ToJson(cluster.Workspace.Path));
        await OpenPage.SaysAsync(page.Panel("points-1"), "running");
        await page.UntilAsync("Number(document.querySelector('[data-chart=Loss]').dataset.points) > 20");
        foreach (string worker in new[] { "w1", "w2" })
        {
            await OpenPage.SaysAsync(page.Worker(worker), "at work");
            await OpenPage.IsShownAsync(page.Worker(worker).GetByLabel("of 8"));
        }

        long killed = Stopwatch.GetTimestamp();
        _ = cluster.Worker("w2").KillAsync();
        await OpenPage.SaysAsync(page.Worker("w2"), "gone");
        Say($"measured: {Milliseconds(killed)} ms from SIGKILL to the page that tells it");
        await OpenPage.SaysAsync(page.Worker("w2"), "at work on points-1: ");
        await OpenPage.SaysAsync(page.Panel("Log"), "w2 is gone: ");
        await OpenPage.SaysAsync(page.Worker("w1"), "8 of 8 shards");
        await OpenPage.SaysAsync(page.Panel("points-1"), "running");
    }

    [SkippableFact]
    public async Task A_lost_coordinator_is_told_and_its_successor_is_followed_by_itself()
    {
        TestCluster cluster = await StartAsync(null, "w1");
        JobView job = await cluster.SubmitUnwatchedAsync(Endless);
        OpenPage page = await OpenAsync(cluster.Http);
        await page.UntilAsync("Number(document.querySelector('[data-chart=Loss]').dataset.points) > 60");
        long killed = Stopwatch.GetTimestamp();
        await cluster.Coordinator.KillAsync();
        ILocator contact = page.Page.Locator(".contact");
        await OpenPage.SaysAsync(contact, "reconnecting");
        Say($"measured: {Milliseconds(killed)} ms from SIGKILL to the page that tells it");
        await OpenPage.SaysAsync(page.Panel(job.Id), "running"); // as it was; no word is taken back
        await cluster.StartCoordinatorAsync();
        long back = Stopwatch.GetTimestamp();
        await OpenPage.SaysAsync(contact, "live");
        Say($"measured: {Milliseconds(back)} ms from its successor to the page that follows it");
        await OpenPage.SaysAsync(page.Page.Locator(".cluster-name"), "start 2");
        await cluster.WhenAsync("the job goes on", view => view.Jobs.Any(one => one.Attempt == 2));
        string before = await StepAsync(page);
        await Patience.UntilAsync("steps go on", async () => await StepAsync(page) is var now && now != before
            ? now : null);
    }

    [SkippableFact]
    public async Task A_coordinator_that_answers_nothing_is_told_and_followed_again_when_it_does()
    {
        TestCluster cluster = await StartAsync();
        OpenPage page = await OpenAsync(cluster.Http);
        ILocator contact = page.Page.Locator(".contact");
        await OpenPage.SaysAsync(contact, "live");
        long stopped = Stopwatch.GetTimestamp();
        cluster.Coordinator.Stop();
        await OpenPage.SaysAsync(contact, "reconnecting: no answer since ");
        Say($"measured: {Milliseconds(stopped)} ms from SIGSTOP to the page that tells it");
        cluster.Coordinator.Continue();
        await OpenPage.SaysAsync(contact, "live");
    }

    [SkippableFact]
    public async Task What_the_command_line_can_do_the_page_can()
    {
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        JobView job = await cluster.SubmitUnwatchedAsync(Endless);
        OpenPage page = await OpenAsync(cluster.Http);
        ILocator panel = page.Panel(job.Id);
        await OpenPage.SaysAsync(panel, "running");
        await page.Button("Pause").ClickAsync();
        await OpenPage.SaysAsync(panel, "❙❙paused");
        await page.Button("Resume").ClickAsync();
        await OpenPage.SaysAsync(panel, "running");
        await page.Button("Scale…").ClickAsync();
        await page.Page.GetByLabel("The most workers it is given").FillAsync("1");
        await page.Button("Scale").ClickAsync();
        await OpenPage.SaysAsync(panel, "of 1 at most");
        await page.Button("Drain w2").ClickAsync();
        await page.Button("Drain the worker").ClickAsync();
        await OpenPage.SaysAsync(page.Worker("w2"), "left");
        (await cluster.Worker("w2").Ended.OrFail("w2 has left")).ShouldBe(0);
        await page.Button("Stop…").ClickAsync();
        await page.Button("Cancel").ClickAsync();
        (await cluster.Client.JobAsync(job.Id))!.State.ShouldBe(Core.Cluster.JobState.Running);
        await page.Button("Stop…").ClickAsync();
        await page.Button("Stop the job").ClickAsync();
        await OpenPage.SaysAsync(panel, "■stopped");
        IDownload file = await page.Page.RunAndWaitForDownloadAsync(
            () => page.Page.GetByLabel("Download a file of this job").SelectOptionAsync("job"));
        file.SuggestedFilename.ShouldBe($"{job.Id}-job.json");
    }

    private static async Task SubmitAsync(OpenPage page, string job)
    {
        await page.Button("New job").ClickAsync();
        await page.Page.GetByLabel("or its text").FillAsync(job);
        await page.Button("Submit").ClickAsync();
    }

    private static async Task<string> StepAsync(OpenPage page)
        => await page.Page.Locator("dl.figures .value").First.InnerTextAsync();

    private static string Milliseconds(long since)
        => Stopwatch.GetElapsedTime(since).TotalMilliseconds.ToString("0");
}
