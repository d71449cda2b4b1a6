using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using DistTrain.Core;
using DistTrain.Study.Findings;
using DistTrain.Study.Records;
using DistTrain.Study.Reports;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Reports;

public sealed class StudyReportTests
{
    private static readonly string[] Questions =
        ["accuracy", "tradeoff", "rate", "workers", "warmup", "noise", "gap"];

    private static readonly IReadOnlyList<StudyRun> Runs = SyntheticStudy.Full().Runs;
    private static readonly StudyFrame Frame = SyntheticStudy.Frame with { PlannedRuns = Runs.Count };
    private static readonly StudyFindings Found = StudyFindings.Of(Frame, Runs);
    private static readonly XDocument Page = Parse(StudyReport.Render(Frame, Runs, Found));

    [Fact]
    public void Every_section_is_there_with_question_answer_plot_table_reading_and_source()
    {
        Page.Descendants("section").Select(s => (string?)s.Attribute("id"))
            .ShouldBe(["recommendation", .. Questions, "runs", "glossary", "making"]);
        foreach (string question in Questions)
        {
            XElement section = Section(Page, question);
            section.Element("h2")!.Value.ShouldEndWith("?");
            section.Attribute("class").ShouldBeNull();
            Regex.IsMatch(Answer(Page, question), "[0-9]").ShouldBeTrue(question);
            section.Descendants("figure").ShouldNotBeEmpty(question);
            section.Descendants("table").ShouldNotBeEmpty(question);
            section.Elements("p").Count(p => (string?)p.Attribute("class") == "how").ShouldBe(2, question);
        }
    }

    [Fact]
    public void No_text_shows_the_code_that_was_to_fill_it()
    {
        StudyRun[] runs = [
            .. Runs.Take(40), .. Runs.Take(40).Select(r => r with { Id = "c" + r.Id, Model = "cnn" })];
        foreach (XDocument page in (XDocument[])[Page, Parse(Render(runs)), Parse(Render([.. Runs.Take(1)]))])
        {
            page.Descendants("main").Single().Value.ShouldNotContain("{");
        }
    }

    [Fact]
    public void Every_plot_has_a_name_and_its_own_id_and_lies_within_its_picture()
    {
        XElement[] plots = [.. Page.Descendants("svg").Where(s => (string?)s.Attribute("role") == "img")];
        plots.Length.ShouldBe(9);
        plots.ShouldAllBe(p => p.Element("title")!.Value.Length > 5);
        string[] ids = [.. Page.Descendants().Attributes("id").Select(a => a.Value)];
        ids.ShouldBeUnique();
        Page.ToString().ShouldNotContain("NaN");
        Page.ToString().ShouldNotContain("∞");
    }

    [Fact]
    public void Numbers_in_the_text_are_those_of_the_findings()
    {
        WorkloadFindings found = Found.Workloads.Single();
        Setting chosen = found.Recommendation.Choice!.Outcome.Setting;
        Section(Page, "recommendation").Element("h2")!.Value.ShouldContain(
            $"batch {chosen.Batch:N0} with {chosen.Optimizer} at rate {Words.Number(chosen.PeakRate)}.");
        Answer(Page, "accuracy").ShouldContain(Words.Percent(found.Accuracy.Baseline!.Score!.Mean));
        foreach (TradeOffFindings tradeOff in found.TradeOffs)
        {
            Answer(Page, "tradeoff").ShouldContain(
                $"critical batch is {Words.Number(tradeOff.Fit!.CriticalBatch.Value)} (95\u00A0% interval "
                + $"{Words.Number(tradeOff.Fit.CriticalBatch.Interval!.Value.Low!.Value)} to ");
        }

        Answer(Page, "rate").ShouldContain($"B^{found.BestRates.Single().Law!.Exponent.Value:0.00} ");
        Answer(Page, "noise").ShouldContain(Words.Number(found.Noise[0].Overall.Mean) + " samples");
        Section(Page, "runs").Descendants("tr").Count().ShouldBe(Runs.Count + 1);
        Section(Page, "runs").Descendants("tr").Count(r => (string?)r.Attribute("class") == "bad")
            .ShouldBe(Found.Diverged);
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere()
    {
        string page = Page.ToString();
        Regex.IsMatch(page, "<script|https?://|<link|@import|url\\((?!#)|src=").ShouldBeFalse();
        page.ShouldContain("prefers-color-scheme: dark");
        page.ShouldContain("@media print");
    }

    [Fact]
    public void Hostile_names_stay_text()
    {
        const string hostile = "</p><script>alert(1)</script>\"'&\u0001\uD800";
        StudyRun[] runs = [.. Runs.Take(40).Select(r => r with
        {
            Id = r.Id + hostile, Model = hostile, Dataset = hostile, Rule = r.Rule + hostile,
            Optimizer = hostile, Reason = hostile,
        })];
        StudyFrame frame = Frame with
        {
            Name = hostile,
            Question = hostile,
            Command = hostile,
            Machine = hostile,
        };
        XDocument page = Parse(StudyReport.Render(frame, runs, StudyFindings.Of(frame, runs)));
        page.Descendants("script").ShouldBeEmpty();
        page.Descendants("h1").Single().Value.ShouldStartWith("</p><script>alert(1)</script>\"'&");
    }

    [Fact]
    public void Sections_without_data_say_what_the_study_lacked()
    {
        StudyRun run = new SyntheticStudy().Add(64, 0.05, 1, "linear", epochs: 1) with
        {
            NoiseScale = null,
            Train = null,
        };
        XDocument page = Parse(Render([run]));
        foreach (string question in Questions.Except(["accuracy"]))
        {
            ((string?)Section(page, question).Attribute("class")).ShouldBe("lacking", question);
            Regex.IsMatch(Answer(page, question), "cannot say|No run").ShouldBeTrue(question);
        }
    }

    [Fact]
    public void A_target_that_no_run_reaches_is_said_and_what_there_is_is_plotted()
    {
        StudyRun[] runs = [.. Runs.Where(r => !r.Diverged).Select(r => r with
        {
            StepsToTarget = null, ExamplesToTarget = null, SecondsToTarget = null,
        })];
        XDocument page = Parse(Render(runs));
        Answer(page, "tradeoff").ShouldContain("No run of this study reached the target");
        Section(page, "tradeoff").Descendants("figure").Count().ShouldBe(1);
        Section(page, "recommendation").Value.ShouldContain("no run reached the target");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Studies_that_have_hardly_begun_have_a_page(int count)
        => Section(Parse(Render([.. Runs.Take(count)])), "runs").ShouldNotBeNull();

    [Fact]
    public void Runs_that_all_diverged_have_a_page_that_recommends_nothing()
    {
        XDocument page = Parse(Render([.. Runs.Where(r => r.Diverged)]));
        Section(page, "recommendation").Element("h2")!.Value.ShouldContain("too thin to recommend");
    }

    [Fact]
    public void Two_models_have_their_sections_apart()
    {
        StudyRun[] runs = [
            .. Runs.Take(30), .. Runs.Take(30).Select(r => r with { Id = "c" + r.Id, Model = "cnn" })];
        XDocument page = Parse(Render(runs));
        page.Descendants("h2").Select(h => h.Value).ShouldContain("cnn on mnist");
        Section(page, "w1-accuracy").ShouldNotBeNull();
        Section(page, "w2-accuracy").ShouldNotBeNull();
        page.Descendants().Attributes("id").Select(a => a.Value).ShouldBeUnique();
    }

    [Fact]
    public void The_page_and_the_findings_are_written_side_by_side()
    {
        string folder = Directory.CreateTempSubdirectory("disttrain-study-").FullName;
        try
        {
            StudyReport.Write(Frame, Runs, Path.Combine(folder, "report.html"));
            Directory.GetFiles(folder).Select(Path.GetFileName).Order()
                .ShouldBe(["findings.json", "report.html"]);
            Should.Throw<RunFaultException>(
                () => StudyReport.Write(Frame, Runs, Path.Combine(folder, "none", "report.html")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Render(IReadOnlyList<StudyRun> runs)
        => StudyReport.Render(Frame, runs, StudyFindings.Of(Frame, runs));

    /// <summary>Also holds the page, and every picture in it, to be well-formed.</summary>
    private static XDocument Parse(string page)
    {
        using var reader = XmlReader.Create(
            new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static XElement Section(XDocument page, string id)
        => page.Descendants("section").Single(s => (string?)s.Attribute("id") == id);

    private static string Answer(XDocument page, string id) => string.Join(' ', Section(page, id)
        .Elements("p").Where(p => (string?)p.Attribute("class") == "answer").Select(p => p.Value));
}
