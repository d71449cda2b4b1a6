using DistTrain.Core.Coordination;
using DistTrain.Runs.Summaries;
using DistTrain.Runs.Tests.Fixtures;

namespace DistTrain.Runs.Tests.Summaries;

public sealed class SummaryWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private readonly RunSummary _summary = new()
    {
        Status = RunStatus.StoppedEarly,
        Epochs = 5,
        Steps = 1075,
        Train = new EvaluationMetrics(0.0625, 0.984375, 55_000),
        Validation = null,
        Test = new EvaluationMetrics(double.NaN, null, 10_000),
        NoiseScale = 270.5,
        WeightsSha256 = "ab12",
        SamplesPerSecond = double.PositiveInfinity,
        Seconds = 2.5,
        RunDirectory = "/tmp/läufe/x-1",
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_result_is_one_line_with_exactly_these_fields()
        => SummaryWriter.ToLine(_summary).ShouldBe(
            "{\"status\":\"stopped-early\",\"epochs\":5,\"steps\":1075,"
            + "\"train\":{\"loss\":0.0625,\"accuracy\":0.984375},\"validation\":null,"
            + "\"test\":{\"loss\":null,\"accuracy\":null},\"target\":null,"
            + "\"noiseScale\":270.5,\"weightsSha256\":\"ab12\","
            + "\"samplesPerSecond\":null,\"seconds\":2.5,\"runDirectory\":\"/tmp/läufe/x-1\"}");

    [Theory]
    [InlineData(RunStatus.Completed, "completed")]
    [InlineData(RunStatus.StoppedEarly, "stopped-early")]
    [InlineData(RunStatus.Interrupted, "interrupted")]
    [InlineData(RunStatus.Failed, "failed")]
    public void Every_status_has_its_word(RunStatus status, string word)
        => (_summary with { Status = status }).StatusText.ShouldBe(word);

    [Fact]
    public void A_failed_run_says_why_on_one_line()
    {
        string line = SummaryWriter.ToLine(
            _summary with { Status = RunStatus.Failed, Error = "a\nb", WeightsSha256 = null });
        line.ShouldEndWith(",\"error\":\"a\\nb\"}");
        line.ShouldContain("\"weightsSha256\":null");
    }

    [Fact]
    public void Without_a_noise_scale_the_field_is_null()
        => SummaryWriter.ToLine(_summary with { NoiseScale = null }).ShouldContain("\"noiseScale\":null");

    [Fact]
    public void The_file_says_the_same_indented()
    {
        SummaryWriter.Write(_folder["summary.json"], _summary);
        string text = File.ReadAllText(_folder["summary.json"]);
        text.ShouldStartWith("{\n  \"status\": \"stopped-early\",\n");
        text.ShouldEndWith("}\n");
        text.Replace("\n", "").Replace(" ", "").ShouldBe(SummaryWriter.ToLine(_summary));
    }
}
