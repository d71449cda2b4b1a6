namespace DistTrain.Net.Tests.Links;

/// <summary>Counts how often a payload was given back.</summary>
internal sealed class Release
{
    private readonly TaskCompletionSource<bool> _first = new(
        TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public Task<bool> Result => _first.Task.WaitAsync(Patience.Limit);

    public void Call(bool sent)
    {
        Interlocked.Increment(ref _calls);
        _first.TrySetResult(sent);
    }
}
