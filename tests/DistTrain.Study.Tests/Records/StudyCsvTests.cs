using System.Text.Json;
using DistTrain.Core.Coordination;
using DistTrain.Study.Records;

namespace DistTrain.Study.Tests.Records;

public sealed class StudyCsvTests
{
    private static readonly StudyRun Row = new()
    {
        Id = "0123456789ab",
        Model = "mlp 512,256",
        Dataset = "mnist",
        TrainingSamples = 55_000,
        Rule = "linear",
        Optimizer = "nesterov",
        Batch = 32,
        Shards = 2,
        Workers = 1,
        Seed = 1,
        WarmupEpochs = 0.5,
        BaseRate = 0.1,
        PeakRate = 1e-7,
        Epochs = 3,
        Status = RunStatus.StoppedEarly,
        Reason = "it said \"no\"\nand left",
        Steps = 10,
        Examples = 320,
        Train = new EvaluationMetrics(double.NaN, 0.5, 320),
        Seconds = 1.5,
        SamplesPerSecond = 200,
        Rungs = [0.5, double.NaN],
    };

    [Fact]
    public void A_field_with_a_comma_a_quote_or_a_line_break_is_quoted()
    {
        string text = StudyCsv.ToText([Row]);
        text.ShouldContain(
            "0123456789ab,\"mlp 512,256\",mnist,55000,linear,nesterov,32,2,1,1,0.5,,0.1,1E-07,3,"
            + "stopped-early,false,false,\"it said \"\"no\"\"\nand left\",10,320,,0.5,");
        text.ShouldEndWith("\r\n");
    }

    [Fact]
    public void Every_row_has_a_field_for_every_column()
    {
        string[] lines = StudyCsv.ToText([Row with { Model = "mlp", Reason = null }]).Split("\r\n");
        lines[1].Count(c => c == ',').ShouldBe(lines[0].Count(c => c == ','));
    }

    [Fact]
    public void A_line_of_the_journal_comes_back_as_it_was()
    {
        string line = JsonSerializer.Serialize(Row, StudyJson.Run);
        line.ShouldContain("\"status\":\"stopped-early\"");
        StudyRun back = JsonSerializer.Deserialize(line, StudyJson.Run)!;
        back.Rungs.ShouldBe(Row.Rungs);
        JsonSerializer.Serialize(back, StudyJson.Run).ShouldBe(line);
        (back with { Rungs = Row.Rungs }).ShouldBe(Row);
    }
}
