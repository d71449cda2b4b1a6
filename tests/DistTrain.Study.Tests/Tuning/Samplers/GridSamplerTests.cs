using DistTrain.Study.Tuning.Samplers;
using DistTrain.Study.Tuning.Spaces;

namespace DistTrain.Study.Tests.Tuning.Samplers;

public sealed class GridSamplerTests
{
    private static readonly SearchSpace Space = new(
    [
        new NumberDimension("learningRate.base", 0.001, 0.1, IsLogarithmic: true),
        new ChoiceDimension("optimizer.name", ["\"sgd\"", "\"adam\""]),
        new WholeDimension("epochs", 2, 4),
    ]);

    [Fact]
    public void A_grid_has_every_combination_once_and_then_ends()
    {
        var grid = new GridSampler(Space, points: 3);
        grid.Count.ShouldBe(18);
        string[] all = [.. Enumerable.Range(0, 18)
            .Select(i => string.Join(' ', Space.ValuesAt(grid.Next(i, [])!)))];
        all.Distinct().Count().ShouldBe(18);
        all[0].ShouldBe("0.001 \"sgd\" 2");
        all[1].ShouldBe("0.001 \"sgd\" 3");
        all[17].ShouldBe("0.1 \"adam\" 4");
        all.ShouldContain("0.01 \"adam\" 3");
        grid.Next(18, []).ShouldBeNull();
    }

    [Fact]
    public void A_long_range_of_whole_numbers_is_spread_over_its_points()
    {
        SearchSpace space = new([new WholeDimension("seed", 0, 1_000_000)]);
        var grid = new GridSampler(space, points: 5);
        Enumerable.Range(0, 5).Select(i => space.ValuesAt(grid.Next(i, [])!)[0])
            .ShouldBe(["0", "250000", "500000", "750000", "1000000"]);
    }

    [Fact]
    public void Random_points_cover_a_whole_range_evenly()
    {
        var space = new WholeDimension("epochs", 1, 4);
        var sampler = new RandomSampler(1, seed: 5);
        Enumerable.Range(0, 400).Select(i => space.ValueAt(sampler.Next(i, [])[0]))
            .GroupBy(v => v).Select(g => g.Count()).ShouldAllBe(count => count > 70 && count < 130);
    }
}
