using System.Runtime.CompilerServices;

namespace DistTrain.Cluster.Tests.Harness;

internal static class Patient
{
    /// <summary>Fails a sequence that hangs, with what had been said until then.</summary>
    public static async IAsyncEnumerable<T> WithPatience<T>(
        this IAsyncEnumerable<T> source, TimeSpan patience, Func<string> log,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        await using IAsyncEnumerator<T> items = source.GetAsyncEnumerator(limit.Token);
        while (true)
        {
            bool more;
            try
            {
                more = await items.MoveNextAsync();
            }
            catch (OperationCanceledException over) when (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"nothing more happened\n{log()}", over);
            }
            if (!more)
            {
                yield break;
            }
            yield return items.Current;
        }
    }
}
