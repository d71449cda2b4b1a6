using System.Text.Json;
using DistTrain.Api;
using DistTrain.Page.Tests.Harness;
using DistTrain.Server.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace DistTrain.Page.Tests.Views;

/// <summary>Curves: whole for who comes late, growing, and never slower than the screen.</summary>
public sealed class CurveTests(Browser browser, ITestOutputHelper output) : PageTest(browser, output)
{
    private const int Points = 10_000;

    /// <summary>Notes the time of every frame until it is asked to stop.</summary>
    private const string CountFrames = """
        window.frames_ = []; window.counting_ = true;
        (function next(now) { window.frames_.push(now); window.counting_ && requestAnimationFrame(next); })(
            performance.now());
        """;

    [SkippableFact]
    public async Task A_page_opened_late_shows_the_whole_curve_and_then_each_step()
    {
        var cluster = new FakeCluster();
        FakeJob job = cluster.AddWithSteps("late", 3_000);
        OpenPage page = await OpenAsync(await ServeAsync(cluster));
        await PointsAsync(page, 3_000);
        job.Tell(FakeRuns.StepEvent(3_000));
        await PointsAsync(page, 3_001);
        await OpenPage.SaysAsync(page.Panel("late"), "3,001");
    }

    [SkippableFact]
    public async Task The_epoch_keeps_up_with_the_step()
    {
        var cluster = new FakeCluster();
        FakeJob job = cluster.AddWithSteps("quick", 50);
        OpenPage page = await OpenAsync(await ServeAsync(cluster));
        await PointsAsync(page, 50);
        job.Tell(new JobEvent(0, default) { Step = FakeRuns.Step(50) with { Epoch = 7 } });
        await OpenPage.SaysAsync(page.Panel("quick").Locator(".figures dd").Nth(1), "7 of 8");
    }

    [SkippableFact]
    public async Task Ten_thousand_points_that_grow_are_drawn_once_a_frame_at_most()
    {
        var cluster = new FakeCluster();
        FakeJob job = cluster.AddWithSteps("long", Points);
        OpenPage page = await OpenAsync(await ServeAsync(cluster));
        await PointsAsync(page, Points);
        int before = await DrawsAsync(page);
        await page.Page.EvaluateAsync(CountFrames);
        for (int burst = 0; burst < 60; burst++)
        {
            for (int step = 0; step < 50; step++)
            {
                job.Tell(FakeRuns.StepEvent(Points + burst * 50 + step));
            }

            await page.Page.EvaluateAsync("new Promise(requestAnimationFrame)");
        }

        await PointsAsync(page, Points + 3_000);
        JsonElement frames = await page.Page.EvaluateAsync<JsonElement>(
            "window.counting_ = false, window.frames_");
        double[] times = [.. frames.EnumerateArray().Select(time => time.GetDouble())];
        double[] gaps = [.. times.Zip(times.Skip(1), (a, b) => b - a).Order()];
        int draws = await DrawsAsync(page) - before;
        Say($"measured: {draws} draws in {times.Length} frames of {gaps[gaps.Length / 2]:0.0} ms in the "
            + $"median, {gaps[(int)(0.95 * gaps.Length)]:0.0} ms at 95 %, {gaps[^1]:0.0} ms at most");
        draws.ShouldBeLessThanOrEqualTo(times.Length + 1, "3,000 steps came, and frames alone are drawn");
    }

    [SkippableFact]
    public async Task A_run_without_end_stays_bounded()
    {
        var cluster = new FakeCluster();
        FakeJob job = cluster.AddWithSteps("endless", Points);
        OpenPage page = await OpenAsync(await ServeAsync(cluster));
        await PointsAsync(page, Points);
        for (int step = 0; step < 15_000; step++)
        {
            job.Tell(FakeRuns.StepEvent(Points + step));
        }

        await OpenPage.SaysAsync(page.Panel("endless"), "25,000");
        int points = await page.Page.EvaluateAsync<int>(
            "Number(document.querySelector('[data-chart=Loss]').dataset.points)");
        points.ShouldBeInRange(5_000, 20_000);
    }

    [SkippableTheory]
    [InlineData(1_000.0, "critical batch ≈ 1,000; your batch of 256 is below it")]
    [InlineData(300.0, "critical batch ≈ 300; your batch of 256 is near it")]
    [InlineData(60.0, "critical batch ≈ 60; your batch of 256 is above it")]
    [InlineData(
        null, "critical batch: too large to be told with batches of 256; your batch of 256 is below it")]
    public async Task The_noise_scale_says_what_it_means_in_the_words_of_the_core(double? scale, string words)
    {
        var last = FakeRuns.Step(50, scale);
        Core.Coordination.Noise.NoiseVerdict.Describe(last.Noise, FakeRuns.Batch, shards: 8).ShouldBe(words);
        var cluster = new FakeCluster();
        cluster.AddWithSteps("noisy", 50).Steps.Add(last);
        OpenPage page = await OpenAsync(await ServeAsync(cluster));
        await OpenPage.SaysAsync(page.Panel("Gradient noise"), words);
    }

    [SkippableFact]
    public async Task An_attempt_that_goes_back_takes_its_steps_back()
    {
        var cluster = new FakeCluster();
        FakeJob job = cluster.AddWithSteps("again", 100);
        OpenPage page = await OpenAsync(await ServeAsync(cluster));
        await PointsAsync(page, 100);
        job.Tell(FakeRuns.StepEvent(40));
        await PointsAsync(page, 41);
    }

    private static Task PointsAsync(OpenPage page, int points) => page.UntilAsync(
        $"document.querySelector('[data-chart=Loss]')?.dataset.points === '{points}'");

    private static Task<int> DrawsAsync(OpenPage page) => page.Page.EvaluateAsync<int>(
        "Number(document.querySelector('[data-chart=Loss]').dataset.draws)");
}
