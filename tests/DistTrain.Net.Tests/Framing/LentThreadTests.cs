using DistTrain.Core.Memory;
using DistTrain.Net.Framing;
using DistTrain.Net.Links;
using DistTrain.Net.Tests.Links;

namespace DistTrain.Net.Tests.Framing;

/// <summary>On whose thread a payload is written while the loop has nothing else to do.</summary>
public sealed class LentThreadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_payload_is_written_on_a_lent_thread_and_on_no_other_sender_s(bool lendsThread)
    {
        using var payload = new NativeBuffer<byte>(100_000);
        var options = LinkPair.Options("a");
        var queue = new SendQueue(options);
        var thread = new LoopThread("writer");
        var loop = new WriteLoop(new MemoryStream(), options, queue, thread, () => true);
        Task running = loop.RunAsync(CancellationToken.None);
        // Something small first: once it is through, the loop sleeps and is woken by whoever sends next.
        await WrittenAsync(queue, options, payload, lends: false);
        (int sender, int writer) = await WrittenAsync(queue, options, payload, lendsThread);
        (writer == sender).ShouldBe(lendsThread);
        queue.Close();
        await running.WaitAsync(Patience.Limit);
        thread.Stop();
    }

    private static async Task<(int Sender, int Writer)> WrittenAsync(
        SendQueue queue, LinkOptions options, NativeBuffer<byte> payload, bool lends)
    {
        var writer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        int sender = await Task.Factory.StartNew(
            () =>
            {
                while (!queue.IsAsleep)
                {
                    Thread.Yield();
                }
                queue.Add(new OutgoingPayload(
                    OutgoingMessage.From(Samples.Weights(1), options), Payload.Of(payload),
                    _ => writer.SetResult(Environment.CurrentManagedThreadId), lends));
                return Environment.CurrentManagedThreadId;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return (sender, await writer.Task.WaitAsync(Patience.Limit));
    }
}
