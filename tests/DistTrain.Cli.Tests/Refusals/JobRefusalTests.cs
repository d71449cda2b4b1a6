using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Refusals;

/// <summary>Jobs that cannot run as they are written.</summary>
public sealed class JobRefusalTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("""{ "optimizer": { "momentun": 0.9 } }""", "\"momentun\"; did you mean \"momentum\"?")]
    [InlineData("""{ "learninRate": { "base": 0.1 } }""", "did you mean \"learningRate\"?")]
    [InlineData("""{ "flavour": 3 }""", "unknown key \"flavour\"")]
    [InlineData("""{ "epochs": "five" }""", "epochs: \"five\" is not a whole number")]
    [InlineData("""{ "epochs": 2.5 }""", "epochs: 2.5 is not a whole number")]
    [InlineData("""{ "batch": 64 }""", "batch")]
    [InlineData("""{ "model": { "hidden": "wide" } }""", "model.hidden")]
    [InlineData("""{ "workers": { "min": 0 } }""", "workers.min: 0 is not a whole number from 1")]
    [InlineData("""{ "batch": { "global": 4, "shards": 8 } }""", "shards: 8 is more than batch.global, 4")]
    [InlineData("""{ "learningRate": { "base": -0.1 } }""", "base: -0.1 is not a positive number")]
    [InlineData("""{ "learningRate": { "base": "NaN" } }""", "base: \"NaN\" is not a positive number")]
    [InlineData("""{ "learningRate": { "base": 1e400 } }""", "learningRate.base")]
    [InlineData("""{ "epochs": 3, "epochs": 4 }""", "epochs")]
    [InlineData("""{ "aggregation": "sharded" }""", "aggregation")]
    [InlineData("""{ "dataset": { "name": "csv" } }""", "dataset.path")]
    [InlineData("""[1, 2]""", "a job is an object")]
    [InlineData("""{ "epochs": """, "job.json:1")]
    [InlineData("epochs: 3", "job.json:1")]
    [InlineData("", "job.json:1")]
    public void A_faulty_job_file_is_refused_with_its_line(string job, string complaint)
    {
        string path = _workspace.Write("job.json", job);
        string[] lines = Disttrain.Refuse(_workspace, "train", path);
        lines.ShouldAllBe(line => line.StartsWith("disttrain: job.json:1", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains(complaint), string.Join('\n', lines));
    }

    [Fact]
    public void Every_fault_of_a_job_file_is_told_at_once_with_its_line()
    {
        string path = _workspace.Write("job.json", """
            {
              "model": { "preset": "mpl", "hiden": [512] },
              "epochs": "five",
              "batch": { "global": 4, "shards": 8 },
              "learninRate": { "base": 1 },
              "learningRate": { "base": -1 },
              "workers": { "min": 0 }
            }
            """);
        string[] lines = Disttrain.Refuse(_workspace, "train", path);
        lines.Select(line => line["disttrain: job.json:".Length..]).ShouldBe(
        [
            """2: model.preset: "mpl" is not one of softmax, mlp, lenet, cnn, resnet8, resnet20; did you mean "mlp"?""",
            """2: model: unknown key "hiden"; did you mean "hidden"?""",
            """3: epochs: "five" is not a whole number from 1 to 1000000""",
            "4: batch.shards: 8 is more than batch.global, 4",
            """5: unknown key "learninRate"; did you mean "learningRate"?""",
            "6: learningRate.base: -1 is not a positive number",
            "7: workers.min: 0 is not a whole number from 1 to 65536",
        ], ignoreOrder: true);
    }

    [Theory]
    [InlineData("--workers", "0", "--workers: 0 is not a whole number from 1")]
    [InlineData("--lr", "NaN", "--lr: NaN is not a positive number")]
    [InlineData("--lr", "-1", "--lr: -1 is not a positive number")]
    [InlineData("--lr", "fast", "--lr: fast is not a positive number")]
    [InlineData("--epochs", "0", "--epochs: 0 is not a whole number")]
    [InlineData("--batch", "99999999999", "--batch: 99999999999")]
    [InlineData("--dataset", "minst", "did you mean \"mnist\"?")]
    [InlineData("--optimizer", "adma", "did you mean \"adam\"?")]
    [InlineData("--schedule", "cosin", "did you mean \"cosine\"?")]
    [InlineData("--seed", "-1", "--seed: -1")]
    [InlineData("--model", "layers.json", "layers.json: there is no such list of layers")]
    public void A_faulty_option_is_refused_by_its_name(string option, string value, string complaint)
        => Disttrain.Refuse(_workspace, "train", option, value)
            .ShouldHaveSingleItem().ShouldContain(complaint);

    [Fact]
    public void A_job_file_that_is_missing_or_no_file_is_refused()
    {
        Disttrain.Refuse(_workspace, "train", "job.json").ShouldHaveSingleItem()
            .ShouldBe("disttrain: job.json: there is no such job file");
        Disttrain.Refuse(_workspace, "train", _workspace.Path).ShouldHaveSingleItem()
            .ShouldContain("the job file cannot be read");
    }
}
