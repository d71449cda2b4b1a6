using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;

namespace DistTrain.Study.Launching;

/// <summary>
/// Data sets in memory, loaded once and shared by all runs that ask for the same samples. What nobody uses is
/// kept while there is room for it, the one used last the longest.
/// </summary>
/// <param name="load">Loads what is not there; called under no lock, once per set.</param>
/// <param name="mostIdle">Sets kept that no run uses.</param>
internal sealed class DatasetShelf(Func<DatasetSpec, long, IDataset> load, int mostIdle = 3) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Place> _places = [];
    private long _clock;

    public DatasetShelf(DatasetPlaces places, Action<string> notice)
        : this((spec, seed) => DatasetLoader.Load(spec, seed, places, new Relay(notice)))
    {
    }

    /// <summary>Borrows a set; the loan's end gives it back.</summary>
    /// <exception cref="Core.UserFaultException">It cannot be loaded.</exception>
    public DatasetLoan Borrow(JobSpec job)
    {
        // The seed chooses the validation samples and nothing else of the data.
        var key = new Key(job.Dataset, job.Dataset.Validation > 0 ? job.Seed : 0);
        Place place;
        lock (_lock)
        {
            if (!_places.TryGetValue(key, out Place? found))
            {
                found = new Place(new Lazy<IDataset>(() => load(job.Dataset, job.Seed)));
                _places.Add(key, found);
            }

            place = found;
            place.Users++;
        }

        try
        {
            return new DatasetLoan(place.Dataset.Value, () => GiveBack(place));
        }
        catch
        {
            lock (_lock)
            {
                _places.Remove(key);
            }

            throw;
        }
    }

    public void Dispose()
    {
        foreach (Place place in _places.Values)
        {
            Drop(place);
        }

        _places.Clear();
    }

    private void GiveBack(Place place)
    {
        lock (_lock)
        {
            place.Users--;
            place.LastUse = ++_clock;
            var idle = _places.Where(pair => pair.Value.Users == 0)
                .OrderByDescending(pair => pair.Value.LastUse).Skip(mostIdle).ToList();
            foreach ((Key key, Place old) in idle)
            {
                _places.Remove(key);
                Drop(old);
            }
        }
    }

    private static void Drop(Place place)
    {
        if (place.Dataset.IsValueCreated)
        {
            place.Dataset.Value.Dispose();
        }
    }

    private sealed record Key(DatasetSpec Spec, long Seed);

    private sealed class Place(Lazy<IDataset> dataset)
    {
        public Lazy<IDataset> Dataset => dataset;

        public int Users { get; set; }

        public long LastUse { get; set; }
    }

    /// <summary>At once and in order, where <see cref="Progress{T}"/> hops to the thread pool.</summary>
    private sealed class Relay(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}

/// <summary>A data set that is in use until the loan is disposed.</summary>
internal sealed class DatasetLoan(IDataset dataset, Action giveBack) : IDisposable
{
    private int _ended;

    public IDataset Dataset => dataset;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            giveBack();
        }
    }
}
