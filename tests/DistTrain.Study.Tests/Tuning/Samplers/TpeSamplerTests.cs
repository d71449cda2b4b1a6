using DistTrain.Study.Tuning.Samplers;
using DistTrain.Study.Tuning.Spaces;

namespace DistTrain.Study.Tests.Tuning.Samplers;

public sealed class TpeSamplerTests
{
    private const int Trials = 80, Seeds = 15;

    [Fact]
    public void The_test_functions_have_their_published_minima()
    {
        TestFunctions.Branin([(Math.PI + 5) / 15, 2.275 / 15]).ShouldBe(0.397887, 1e-6);
        TestFunctions.Hartmann6([0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573])
            .ShouldBe(-3.32237, 1e-5);
    }

    [Theory]
    [InlineData("branin", 2)]
    [InlineData("hartmann", 6)]
    [InlineData("sphere", 4)]
    public void The_median_best_over_seeds_is_better_than_that_of_random_search(string name, int dimensions)
    {
        Func<IReadOnlyList<double>, double> function = name switch
        {
            "branin" => TestFunctions.Branin,
            "hartmann" => TestFunctions.Hartmann6,
            _ => TestFunctions.NoisySphere,
        };
        SearchSpace space = Spaces.Cube(dimensions);
        double tpe = Median(seed => Best(new TpeSampler(space, seed), function));
        double random = Median(seed => Best(new RandomSampler(dimensions, seed), function));
        tpe.ShouldBeLessThan(random);
    }

    [Fact]
    public void The_better_choice_is_made_more_and_more_often()
    {
        SearchSpace space = new([new ChoiceDimension("optimizer.name", ["1", "2", "3", "4"])]);
        List<Observation> seen = Run(new TpeSampler(space, 1), 60, p => p[0] is >= 0.5 and < 0.75 ? 0 : 1);
        seen.Skip(30).Count(o => o.Cost == 0).ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Failed_trials_drive_the_search_away()
    {
        List<Observation> seen = Run(
            new TpeSampler(Spaces.Cube(1), 4), 60, p => p[0] > 0.5 ? double.PositiveInfinity : 1 - p[0]);
        seen.Skip(20).Count(o => double.IsFinite(o.Cost)).ShouldBeGreaterThan(25);
    }

    [Fact]
    public void A_point_follows_from_seed_number_and_what_was_seen()
    {
        List<Observation> seen = Run(new TpeSampler(Spaces.Cube(2), 9), 30, TestFunctions.Branin);
        var again = new TpeSampler(Spaces.Cube(2), 9);
        again.Next(30, seen).ShouldBe(new TpeSampler(Spaces.Cube(2), 9).Next(30, seen));
        again.Next(30, seen).ShouldNotBe(new TpeSampler(Spaces.Cube(2), 10).Next(30, seen));
    }

    [Fact]
    public void A_density_is_one_over_the_whole_and_what_is_drawn_follows_it()
    {
        var density = new ParzenDensity([0.1, 0.12, 0.8, 0.99]);
        double[] grid = [.. Enumerable.Range(0, 10_000).Select(i => (i + 0.5) / 10_000)];
        (grid.Sum(density.At) / 10_000).ShouldBe(1, 1e-3);
        var stream = new SampleStream(1, 1);
        double[] drawn = [.. Enumerable.Range(0, 20_000).Select(_ => density.Draw(stream))];
        drawn.ShouldAllBe(x => x >= 0 && x < 1);
        double below = grid.Where(x => x < 0.3).Sum(density.At) / 10_000;
        ((double)drawn.Count(x => x < 0.3) / drawn.Length).ShouldBe(below, 0.02);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1.959964, 0.975)]
    [InlineData(-1, 0.158655)]
    public void The_normal_distribution_function_has_its_tabled_values(double z, double probability)
        => ParzenDensity.Cumulative(z).ShouldBe(probability, 2e-6);

    private static double Best(ISampler sampler, Func<IReadOnlyList<double>, double> function)
        => Run(sampler, Trials, function).Min(o => o.Cost);

    private static List<Observation> Run(
        ISampler sampler, int trials, Func<IReadOnlyList<double>, double> function)
    {
        List<Observation> seen = [];
        for (int i = 0; i < trials; i++)
        {
            double[] point = sampler.Next(i, seen)!;
            seen.Add(new Observation(point, [.. point.Select(_ => true)], function(point)));
        }

        return seen;
    }

    private static double Median(Func<long, double> best)
        => Enumerable.Range(1, Seeds).Select(seed => best(seed)).Order().ElementAt(Seeds / 2);
}
