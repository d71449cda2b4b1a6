using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Study.Launching;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Launching;

public sealed class DatasetShelfTests
{
    private readonly List<FakeDataset> _loaded = [];

    [Fact]
    public void Runs_of_the_same_samples_share_one_set()
    {
        using DatasetShelf shelf = Shelf(3);
        using DatasetLoan first = shelf.Borrow(Job(seed: 1));
        using DatasetLoan second = shelf.Borrow(Job(seed: 1) with { Epochs = 9 });
        second.Dataset.ShouldBeSameAs(first.Dataset);
        using DatasetLoan other = shelf.Borrow(Job(seed: 2));
        other.Dataset.ShouldNotBeSameAs(first.Dataset);
    }

    [Fact]
    public void Without_a_validation_set_the_seed_makes_no_difference()
    {
        using DatasetShelf shelf = Shelf(3);
        JobSpec job = Job(seed: 1) with { Dataset = Job(1).Dataset with { Validation = 0 } };
        using DatasetLoan first = shelf.Borrow(job);
        using DatasetLoan second = shelf.Borrow(job with { Seed = 2 });
        second.Dataset.ShouldBeSameAs(first.Dataset);
    }

    [Fact]
    public void What_nobody_uses_goes_when_there_is_no_room_the_oldest_first()
    {
        using DatasetShelf shelf = Shelf(1);
        using DatasetLoan used = shelf.Borrow(Job(1));
        shelf.Borrow(Job(2)).Dispose();
        shelf.Borrow(Job(3)).Dispose();
        _loaded.Select(set => set.IsDisposed).ShouldBe([false, true, false]);
        shelf.Borrow(Job(3)).Dispose();
        _loaded.Count.ShouldBe(3);
    }

    [Fact]
    public void A_set_that_could_not_be_loaded_is_tried_again()
    {
        int tries = 0;
        using var shelf = new DatasetShelf(
            (_, _) => tries++ == 0 ? throw new UserFaultException("not there") : new FakeDataset());
        Should.Throw<UserFaultException>(() => shelf.Borrow(Job(1)));
        using DatasetLoan loan = shelf.Borrow(Job(1));
        loan.Dataset.ShouldNotBeNull();
    }

    private DatasetShelf Shelf(int mostIdle) => new(
        (_, _) =>
        {
            _loaded.Add(new FakeDataset());
            return _loaded[^1];
        },
        mostIdle);

    private static JobSpec Job(long seed) => SmallStudy.AnyJob() with { Seed = seed };

    private sealed class FakeDataset : IDataset
    {
        public bool IsDisposed { get; private set; }

        public string Name => "fake";

        public SampleShape Shape => default!;

        public int Classes => 2;

        public ISampleSet Train => null!;

        public ISampleSet? Validation => null;

        public ISampleSet? Test => null;

        public string ContentHash => "";

        public void Dispose() => IsDisposed = true;
    }
}
