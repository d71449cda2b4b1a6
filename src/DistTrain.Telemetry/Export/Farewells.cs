namespace DistTrain.Telemetry.Export;

/// <summary>
/// Exports of runs that are over and send their last aside: a run's end does not wait for a collector, the
/// end
/// of the process does.
/// </summary>
internal sealed class Farewells
{
    private readonly Lock _lock = new();
    private readonly List<Task> _underWay = [];

    public void Add(Action farewell)
    {
        lock (_lock)
        {
            _underWay.RemoveAll(task => task.IsCompletedSuccessfully);
            _underWay.Add(Task.Run(farewell));
        }
    }

    public Task AllAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_underWay);
        }
    }
}
