using DistTrain.Core.Datasets;
using DistTrain.Data.Synthetic;

namespace DistTrain.Data.Tests.Synthetic;

public sealed class SyntheticDatasetTests
{
    [Fact]
    public void Equal_arguments_give_equal_samples_and_another_seed_gives_others()
    {
        var shape = SampleShape.Image(3, 8, 8);
        using SyntheticDataset one = new(shape, 5, 40, seed: 1), same = new(shape, 5, 40, seed: 1);
        using SyntheticDataset other = new(shape, 5, 40, seed: 2);
        same.ContentHash.ShouldBe(one.ContentHash);
        other.ContentHash.ShouldNotBe(one.ContentHash);
    }

    [Fact]
    public void Inputs_are_standardised_and_labels_in_range()
    {
        var shape = SampleShape.Vector(100);
        using var set = new SyntheticDataset(shape, 7, 200, seed: 3);
        using var batch = new MicroBatch(200, shape, 0);
        set.Train.Gather([.. Enumerable.Range(0, 200)], null, batch);
        batch.Labels.Span.ToArray().Distinct().Order().ShouldBe(Enumerable.Range(0, 7).Select(i => (long)i));

        // A vector's features are channels: each is standardised by itself.
        float[] first = [.. Enumerable.Range(0, 200).Select(i => batch.Inputs.Span[i * 100])];
        first.Average().ShouldBe(0, 1e-5f);
        first.Average(x => x * x).ShouldBe(1, 1e-5f);
    }
}
