namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>Keeps a hanging cluster from hanging the suite; no test depends on how long it is.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Between two looks at what can only be looked at: a look costs time of the cluster.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for a task; fails when it takes longer than any cluster may.</summary>
    public static async Task<T> OrFail<T>(this Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException over)
        {
            throw new TimeoutException($"in {Limit.TotalSeconds} s this did not happen: {what}", over);
        }
    }

    /// <summary>Looks until there is something to be seen.</summary>
    public static async Task<T> UntilAsync<T>(string what, Func<Task<T?>> look)
        where T : class
    {
        using var limit = new CancellationTokenSource(Limit);
        using var looks = new PeriodicTimer(BetweenLooks);
        while (true)
        {
            if (await look() is { } seen)
            {
                return seen;
            }

            try
            {
                await looks.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException over)
            {
                throw new TimeoutException($"in {Limit.TotalSeconds} s this did not happen: {what}", over);
            }
        }
    }
}
