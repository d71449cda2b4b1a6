using DistTrain.Core.Jobs;
using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

public sealed class JobFlagsTests
{
    [Fact]
    public void Flags_cover_what_people_change_most()
        => JobFlags.All.Select(f => f.Name).ShouldBe(
            [
                "--dataset", "--data", "--model", "--model-assembly", "--model-type", "--hidden", "--batch",
                "--shards", "--epochs", "--max-steps", "--workers",
                "--threads", "--optimizer", "--lr", "--scaling", "--reference-batch", "--warmup",
                "--schedule",
                "--patience", "--validation", "--precision", "--seed",
            ], ignoreOrder: true);

    [Fact]
    public void Every_flag_has_one_line_of_help_that_tells_its_default()
    {
        JobFlags.All
            .ShouldAllBe(f => f.Help.EndsWith('.') && !f.Help.Contains('\n', StringComparison.Ordinal));
        JobFlags.All.Single(f => f.Name == "--epochs").Help.ShouldBe("Passes over the training samples [5].");
        JobFlags.All.Single(f => f.Name == "--lr").Help.ShouldContain("[sgd: 0.05, lars: ");
    }

    [Fact]
    public void A_path_is_taken_as_typed_whatever_it_looks_like()
        => Read(
                """{"dataset":{"name":"mnist"}}""",
                JobFlags.All.Single(f => f.Name == "--data").With("[odd] \"dir\""))
            .Dataset.Path.ShouldBe("[odd] \"dir\"");
}
