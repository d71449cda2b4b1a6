using DistTrain.Core.Hosting;
using DistTrain.Core.Reduction;

namespace DistTrain.Runtime.InProcess;

/// <summary>
/// A piece of the aggregator's work, done on a worker's thread while it waits for the next step.
/// </summary>
internal sealed record LentTurn(Action Work) : IMessage;

/// <summary>
/// Divides elementwise work over the flat buffer among the workers' threads, which are idle between their
/// last shard and the next step. Slices begin at block boundaries, so the bits do not depend on how many
/// there are.
/// </summary>
internal sealed class SliceCrew(IActorHost host, IReadOnlyList<ActorId> workers, long length)
{
    /// <summary>Below this a hop to another thread costs more than it saves.</summary>
    private const int MinimumBlocksPerSlice = 8;

    private readonly int _blocks = TreeReduction.BlocksOf(length);

    /// <summary>
    /// Runs <paramref name="slice"/> over all slices, then <paramref name="done"/> on the last one's thread.
    /// </summary>
    public void Run(Action<Slice> slice, Action done)
    {
        int slices = Math.Clamp(_blocks / MinimumBlocksPerSlice, 1, workers.Count);
        if (slices == 1)
        {
            slice(new Slice(0, length));
            done();
            return;
        }
        int left = slices;
        for (int i = 0; i < slices; i++)
        {
            Slice part = Part(i, slices);
            bool told = host.Tell(workers[i], new LentTurn(() =>
            {
                slice(part);
                if (Interlocked.Decrement(ref left) == 0)
                {
                    done();
                }
            }));
            if (!told)
            {
                throw new InvalidOperationException($"{workers[i]} is gone and took its slice with it");
            }
        }
    }

    private Slice Part(int index, int slices)
    {
        long begin = (long)_blocks * index / slices * TreeReduction.BlockLength;
        long end = Math.Min((long)_blocks * (index + 1) / slices * TreeReduction.BlockLength, length);
        return new Slice(begin, end - begin);
    }
}

/// <summary>Elements [Offset, Offset + Length) of the flat buffer; Offset is a block boundary.</summary>
internal readonly record struct Slice(long Offset, long Length);
