using DistTrain.Cli.Terminal;
using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Tests.Terminal;

public class EpochTableTests
{
    private readonly EpochTable _table = new(20);

    [Fact]
    public void The_heading_comes_once_and_again_when_columns_change()
    {
        Rows(Runs.Epoch(1), 100).Length.ShouldBe(2);
        Rows(Runs.Epoch(2), 100).ShouldBe(
            [" 2/20      0.0832   97.41 %      0.0901   97.20 %     0.0421     21,430   12.3 s  best"]);
        Rows(Runs.Epoch(3), 50).ShouldBe(
        [
            "epoch  train loss  validation  accuracy     time",
            " 3/20      0.0832      0.0901   97.20 %   12.3 s",
        ]);
        Rows(Runs.Epoch(4), 50).Length.ShouldBe(1);
    }

    [Fact]
    public void Epoch_and_losses_stay_however_narrow_the_terminal()
        => Rows(Runs.Epoch(1), 5)[0].ShouldBe("epoch  train loss  validation");

    [Fact]
    public void Regression_without_validation_has_neither_column()
    {
        var train = new EvaluationMetrics(0.5, null, 100);
        var epoch = new EpochMetrics(1, 4, train, null, 0.1, TimeSpan.FromSeconds(1), 100, Improved: false);
        Rows(epoch, 100).ShouldBe(
        [
            "epoch  train loss       rate  samples/s     time      ",
            " 1/20      0.5000        0.1        100    1.0 s      ",
        ]);
    }

    private string[] Rows(EpochMetrics epoch, int width)
        => [.. _table.Rows(epoch, width).Select(row => row.ToString())];
}
