using DistTrain.Core.Jobs;
using DistTrain.Runs.Summaries;
using DistTrain.TorchSharp.Tests.Runs;

namespace DistTrain.TorchSharp.Tests.Models;

/// <summary>Whole runs of a user's module, with batch norm and with dropout that draws as it likes.</summary>
public sealed class UserModelRunTests : IDisposable
{
    private readonly ShortRuns _runs = new();

    [Fact]
    public async Task One_two_and_three_workers_come_to_the_same_bits()
    {
        JobSpec job = ShortRuns.Job(ExampleModel.Json, train: 640);
        var hashes = new List<string?>();
        foreach (int workers in (int[])[1, 2, 3])
        {
            var engine = new TorchSharpEngine();
            var (losses, summary) = await _runs.TrainAsync(engine, job, workers, $"of-{workers}");
            losses[^1].ShouldBeLessThan(losses[0]);
            hashes.Add(summary.WeightsSha256.ShouldNotBeNull());
        }

        hashes.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Another_seed_gives_other_first_weights_and_the_same_one_the_same()
    {
        var engine = new TorchSharpEngine();
        async Task<double> FirstLoss(int seed, string name)
            => (await _runs.TrainAsync(
                engine, ShortRuns.Job(ExampleModel.Json, $"\"epochs\": 1, \"seed\": {seed}", train: 32),
                name: name)).Losses[0];

        double one = await FirstLoss(1, "one");
        (await FirstLoss(1, "again")).ShouldBe(one);
        (await FirstLoss(2, "two")).ShouldNotBe(one);
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_to_the_same_bits()
    {
        JobSpec job = ShortRuns.Job(ExampleModel.Json, "\"epochs\": 2", train: 320);
        var (_, whole) = await _runs.TrainAsync(new TorchSharpEngine(), job, name: "whole");
        var (before, cut) = await _runs.TrainAsync(new TorchSharpEngine(), job, name: "cut", stopAfter: 7);
        cut.Status.ShouldBe(Core.Coordination.RunStatus.Interrupted);
        before.Length.ShouldBeLessThan(20);

        var (_, rest) = await _runs.TrainAsync(new TorchSharpEngine(), job, workers: 2, name: "cut");

        rest.WeightsSha256.ShouldBe(whole.WeightsSha256.ShouldNotBeNull());
    }

    public void Dispose() => _runs.Dispose();
}
