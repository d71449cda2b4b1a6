using System.Net;
using System.Text.RegularExpressions;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Reports;
using DistTrain.Runs.Summaries;
using DistTrain.Runs.Tests.Fixtures;
using DistTrain.Runs.Timeline;

namespace DistTrain.Runs.Tests.Reports;

public sealed class ReportWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_told_in_full()
    {
        (List<EpochMetrics> epochs, List<StepMetrics> steps) = FakeRun.Make(12, 0.006);
        string page = Write(epochs, steps, FakeRun.Summary(epochs));
        page.ShouldContain("<h1>mnist-mlp-3</h1>");
        WebUtility.HtmlDecode(page).ShouldContain(
            "mlp 512, 256 on mnist · batch 256 in 8 shards · sgd · learning rate 0.05, cosine · seed 1");
        page.ShouldContain("<b>98.14\u00A0%</b>");
        page.ShouldContain("Over-fitting");
        page.ShouldContain("best: epoch 5");
        page.ShouldContain("loss, log scale");
        Regex.Count(page, "<svg ").ShouldBe(4);
        Regex.Count(page, "<tr").ShouldBe(13);
        Regex.Count(page, "<tr class=\"best\">").ShouldBe(1);
        page.ShouldContain("&quot;weightDecay&quot;: 0.0001");
    }

    [Fact]
    public void The_noise_scale_is_drawn_with_the_batch_and_put_into_words()
    {
        (List<EpochMetrics> epochs, List<StepMetrics> steps) = FakeRun.Make(12, 0);
        string page = Write(epochs, steps, FakeRun.Summary(epochs));
        page.ShouldContain("The noise scale of this run is 640 samples");
        page.ShouldContain("your batch of 256 is below it.");
        page.ShouldContain("A larger batch would train in fewer steps");
        page.ShouldContain("aria-label=\"Noise scale\"");
        page.ShouldContain("your batch</span>");
    }

    [Fact]
    public void Where_the_time_went_is_told_drawn_and_the_slow_worker_named()
    {
        (List<EpochMetrics> epochs, List<StepMetrics> steps) = FakeRun.Make(2, 0);
        string path = _folder["timed.html"];
        ReportWriter.Write(
            path, FakeRun.Job, epochs, steps, FakeRun.Summary(epochs),
            timeline: new TimelineRecord(
                [.. Enumerable.Range(0, 300).Select(step => FakeTimes.StepOf(step, "<w2>"))], [], Stride: 4));
        string page = WebUtility.HtmlDecode(File.ReadAllText(path));
        page.ShouldContain("Of the time of 300 steps, which stand for about 4 times as many, "
            + "90\u00A0% went into gradients, 6.0\u00A0% into their sum and 4.0\u00A0% into the update. "
            + "The others wait for <w2>: it answered last in 300 of 300 steps");
        page.ShouldContain("<w2>, step 152: shard 3, 40 ms");
        page.ShouldNotContain("step 157");
        File.ReadAllText(path).ShouldNotContain("<w2>");
    }

    [Theory]
    [InlineData(100, "your batch of 256 is above it. Much of each batch")]
    [InlineData(300, "your batch of 256 is near it. Steps and samples are in balance")]
    public void The_noise_scale_is_judged_against_the_batch(double scale, string said)
    {
        (List<EpochMetrics> epochs, List<StepMetrics> steps) = FakeRun.Make(2, 0);
        Write(epochs, steps, FakeRun.Summary(epochs) with { NoiseScale = scale }).ShouldContain(said);
    }

    [Fact]
    public void With_one_shard_the_report_says_why_there_is_no_noise_scale()
    {
        (List<EpochMetrics> epochs, List<StepMetrics> made) = FakeRun.Make(2, 0);
        StepMetrics[] steps = [.. made.Select(step => step with { Noise = null })];
        string job = FakeRun.Job.Replace("\"shards\":8", "\"shards\":1", StringComparison.Ordinal);
        string page = Write(epochs, steps, FakeRun.Summary(epochs) with { NoiseScale = null }, job);
        page.ShouldContain("the noise scale needs at least 2 shards; batch.shards is 1.");
        page.ShouldNotContain("aria-label=\"Noise scale\"");
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere()
    {
        (List<EpochMetrics> epochs, List<StepMetrics> steps) = FakeRun.Make(3, 0);
        string page = Write(epochs, steps, FakeRun.Summary(epochs));
        page.ShouldNotContain("<script");
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        page.ShouldNotContain("<link");
        page.ShouldNotContain("@import");
        page.ShouldContain("prefers-color-scheme: dark");
    }

    [Fact]
    public void A_hostile_name_or_job_stays_text()
    {
        string job = "{\"name\":\"<script>alert(1)</script>\",\"model\":{\"preset\":\"<img src=x>\"}}";
        string page = Write([], [], FakeRun.Summary([], RunStatus.Failed) with
        {
            RunDirectory = "/runs/<b onload=x>",
            Error = "<i>no</i>",
            WeightsSha256 = "\"><u>",
        }, job);
        Regex.IsMatch(page, "<script|<img|<b onload|<i>|<u>").ShouldBeFalse();
        page.ShouldContain("&lt;i&gt;no&lt;/i&gt;");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Short_runs_have_a_page(int count)
    {
        (List<EpochMetrics> epochs, List<StepMetrics> steps) = FakeRun.Make(count, 0);
        string page = Write(epochs, steps, FakeRun.Summary(epochs));
        page.ShouldContain("Too short to tell");
        page.ShouldNotContain("NaN");
    }

    [Fact]
    public void A_run_without_any_step_says_that_there_is_nothing_to_draw()
    {
        string page = Write([], [], FakeRun.Summary([], RunStatus.Interrupted));
        page.ShouldContain("No finite value to draw.");
        page.ShouldContain("<span class=\"pill warn\">interrupted</span>");
    }

    [Fact]
    public void Regression_without_validation_shows_losses_alone()
    {
        (List<EpochMetrics> made, List<StepMetrics> steps) = FakeRun.Make(5, 0);
        List<EpochMetrics> epochs = [
            .. made.Select(e => e with { Train = e.Train with { Accuracy = null }, Validation = null })];
        string page = Write(epochs, steps, FakeRun.Summary(epochs) with { Test = new(0.5, null, 10) });
        Regex.Count(page, "<svg ").ShouldBe(3);
        page.ShouldContain("<span>test loss</span><b>0.5000</b>");
        page.ToLowerInvariant().ShouldNotContain("<th>accuracy");
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_left_out_and_counted()
    {
        (List<EpochMetrics> epochs, List<StepMetrics> steps) = FakeRun.Make(4, 0);
        epochs[3] = epochs[3] with { Train = new(double.NaN, 0.1, 10) };
        steps[700] = steps[700] with { Loss = double.PositiveInfinity };
        string page = Write(epochs, steps, FakeRun.Summary(epochs));
        page.ShouldContain("Left out: 2 points without a finite value.");
        page.ShouldContain("Training came apart");
        page.ShouldNotContain("NaN");
        page.ShouldNotContain("∞");
    }

    [Fact]
    public void A_job_that_is_not_json_is_shown_as_it_is()
        => Write([], [], FakeRun.Summary([]), "not json & more")
            .ShouldContain("<pre>not json &amp; more</pre>");

    [Fact]
    public void A_page_that_cannot_be_written_is_named()
        => Should.Throw<RunFaultException>(
            () => ReportWriter.Write(_folder["none/r.html"], "{}", [], [], FakeRun.Summary([])))
            .Message.ShouldStartWith($"{_folder["none/r.html"]} could not be written: ");

    private string Write(
        IReadOnlyList<EpochMetrics> epochs, IReadOnlyList<StepMetrics> steps, RunSummary summary,
            string job = FakeRun.Job)
    {
        ReportWriter.Write(_folder["report.html"], job, epochs, steps, summary, classes: 10);
        return File.ReadAllText(_folder["report.html"]);
    }
}
