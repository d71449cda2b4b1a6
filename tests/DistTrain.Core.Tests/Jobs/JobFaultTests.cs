using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

public sealed class JobFaultTests
{
    [Fact]
    public void Every_fault_is_told_at_once_with_its_line()
        => Problems(
            """
            {
              "learninRate": { "base": 1 },
              "batch": { "global": 0, "shards": 2.5 },
              "optimizer": {
                "name": "sdg",
                "momentun": 0.9
              },
              "learningRate": { "base": -0.1, "schedule": { "nme": "cosine" } },
              "momentum": 0.9,
              "lr": 0.1,
              "epochs": "five",
              "model": "mlp",
              "aggregation": "sharded"
            }
            """).ShouldBe(
            [
                "job.json:2: unknown key \"learninRate\"; did you mean \"learningRate\"?",
                "job.json:3: batch.global: 0 is not a whole number from 1 to 16777216",
                "job.json:3: batch.shards: 2.5 is not a whole number from 1 to 65536",
                "job.json:5: optimizer.name: \"sdg\" is not one of sgd, rmsprop, adam, adamw, lars, lamb; "
                + "did you mean \"sgd\"?",
                "job.json:6: optimizer: unknown key \"momentun\"; did you mean \"momentum\"?",
                "job.json:8: learningRate.base: -0.1 is not a positive number",
                "job.json:8: learningRate.schedule: unknown key \"nme\"; did you mean \"name\"?",
                "job.json:9: unknown key \"momentum\"; did you mean \"optimizer.momentum\"?",
                "job.json:10: unknown key \"lr\"; did you mean \"learningRate.base\"?",
                "job.json:11: epochs: \"five\" is not a whole number from 1 to 1000000",
                "job.json:12: model: \"mlp\" is not an object with preset, hidden, activation, dropout, "
                + "layers, torchscript, assembly, type",
                "job.json:13: aggregation: \"sharded\" is not available in this version; use \"coordinator\"",
            ]);

    [Theory]
    [InlineData("workers", "max", "0")]
    [InlineData("threads", null, "0")]
    [InlineData("seed", null, "9223372036854775808")]
    [InlineData("seed", null, "-1")]
    [InlineData("epochs", null, "1e99")]
    [InlineData("epochs", null, "null")]
    [InlineData("epochs", null, "[5]")]
    [InlineData("clipNorm", null, "0")]
    [InlineData("clipNorm", null, "1e999")]
    [InlineData("clipNorm", null, "\"1\"")]
    [InlineData("learningRate", "base", "true")]
    [InlineData("optimizer", "momentum", "1")]
    [InlineData("optimizer", "nesterov", "1")]
    [InlineData("dataset", "validation", "-1")]
    [InlineData("model", "hidden", "[]")]
    [InlineData("model", "hidden", "[128, 0]")]
    [InlineData("model", "hidden", "128")]
    [InlineData("name", null, "\"../../etc\"")]
    [InlineData("name", null, "\"\"")]
    [InlineData("dataset", "path", "\"a\\u0000b\"")]
    public void A_value_of_the_wrong_type_or_out_of_range_is_refused(
        string field, string? inner, string value)
    {
        string json = inner is null ? $"{{\"{field}\":{value}}}" : $"{{\"{field}\":{{\"{inner}\":{value}}}}}";
        string path = inner is null ? field : $"{field}.{inner}";
        Problem(json).ShouldStartWith($"job.json:1: {path}");
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("5.0", 5)]
    [InlineData("1e2", 100)]
    public void Whole_numbers_are_whole_however_written(string written, int epochs)
        => Read($"{{\"epochs\":{written}}}").Epochs.ShouldBe(epochs);

    [Theory]
    [InlineData("", "job.json:1: not valid JSON at column 1")]
    [InlineData("{\n  \"epochs\": 5,\n}", "job.json:3: not valid JSON at column 1")]
    [InlineData("{\n  \"epochs\": NaN }", "job.json:2: not valid JSON at column 13")]
    [InlineData("{} {}", "job.json:1: not valid JSON at column 4")]
    [InlineData("{\"epochs\": 5", "job.json:1: not valid JSON at column 13")]
    [InlineData("[]", "job.json:1: a job is an object, { … }, not an empty list")]
    [InlineData("3", "job.json:1: a job is an object, { … }, not 3")]
    [InlineData("null", "job.json:1: a job is an object, { … }, not null")]
    [InlineData("{\"epochs\": 5,\n\"epochs\": 6}", "job.json:2: \"epochs\" is given twice, first on line 1")]
    [InlineData("{\"name\":\"\\ud800\"}", "job.json:1: a string holds an escape that is no character")]
    public void Broken_JSON_is_named_with_its_line(string json, string begin)
        => Problems(json)[0].ShouldStartWith(begin);

    [Fact]
    public void Faults_before_a_broken_place_are_told_too()
        => Problems("{\n\"epochz\": 5,\n\"batch\": { \"global\": -1,\n \"shards\": }\n}")
            .ShouldSatisfyAllConditions(
            p => p.Count.ShouldBe(3),
            p => p[0].ShouldBe("job.json:2: unknown key \"epochz\"; did you mean \"epochs\"?"),
            p => p[1].ShouldStartWith("job.json:3: batch.global: -1 is not"),
            p => p[2].ShouldStartWith("job.json:4: not valid JSON"));

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 100_000));
        Problems(deep)
            .ShouldContain(p => p.EndsWith("nested deeper than 64 levels", StringComparison.Ordinal));
        Problem(new string(' ', (1 << 20) - 1) + "{}").ShouldBe("job.json: the text is larger than 1024 KiB");
        Problem("{\"name\":\"" + new string('ä', 600_000) + "\"}").ShouldContain("larger than");
    }

    [Fact]
    public void A_hostile_number_of_faults_is_cut_short()
    {
        string keys = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"x{i}\":1"));
        Problems($"{{{keys}}}").Count.ShouldBe(51);
    }

    [Theory]
    [InlineData("{\"epochs\": tr\u001b\n\n}")]
    [InlineData("{\"epochs\": 5 x\r\ny}")]
    public void A_syntax_fault_stays_on_one_line_whatever_stands_there(string json)
        => Problem(json).ShouldNotContain(c => char.IsControl(c));

    [Fact]
    public void A_message_stays_on_one_short_line()
    {
        string problem = Problem("{\"\\u001b[2J\\n" + new string('x', 5000) + "\": 1}");
        problem.Length.ShouldBeLessThan(120);
        problem.ShouldNotContain(c => char.IsControl(c));
    }
}
