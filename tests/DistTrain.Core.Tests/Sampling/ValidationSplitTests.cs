using DistTrain.Core.Sampling;

namespace DistTrain.Core.Tests.Sampling;

public sealed class ValidationSplitTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(10, 3)]
    [InlineData(1000, 0)]
    [InlineData(1000, 999)]
    [InlineData(60_000, 5_000)]
    public void Both_parts_ascend_and_together_are_all_samples(int count, int validation)
    {
        (int[] train, int[] held) = ValidationSplit.Choose(1, count, validation);
        held.Length.ShouldBe(validation);
        train.ShouldBe(train.Order());
        held.ShouldBe(held.Order());
        train.Concat(held).Order().ShouldBe(Enumerable.Range(0, count));
    }

    [Fact]
    public void The_choice_follows_the_seed_and_nothing_else()
    {
        int[] held = ValidationSplit.Choose(1, 1000, 100).Validation;
        ValidationSplit.Choose(1, 1000, 100).Validation.ShouldBe(held);
        int[] other = ValidationSplit.Choose(2, 1000, 100).Validation;
        // Two choices of a tenth share ten samples on average.
        held.Intersect(other).Count().ShouldBeLessThan(30);
    }

    [Fact]
    public void The_choice_is_spread_over_the_whole_file()
    {
        int[] held = ValidationSplit.Choose(3, 60_000, 6_000).Validation;
        foreach (IGrouping<int, int> tenth in held.GroupBy(sample => sample / 6_000))
            tenth.Count().ShouldBeInRange(500, 700);
    }

    [Fact]
    public void More_than_there_is_cannot_be_held_out()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => ValidationSplit.Choose(1, 10, 11));
        Should.Throw<ArgumentOutOfRangeException>(() => ValidationSplit.Choose(1, 10, -1));
    }
}
