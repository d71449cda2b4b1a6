using DistTrain.Core.Hosting;
using DistTrain.Runtime.Training;

namespace DistTrain.Runtime.InProcess;

/// <summary>
/// A piece of the aggregator's work, done on a worker's thread while it waits for the next step.
/// </summary>
internal sealed record LentTurn(Action Work) : IMessage;

/// <summary>
/// Divides elementwise work over the flat buffer among the workers' threads, which are idle between their
/// last shard and the next step.
/// </summary>
internal sealed class SliceCrew(IActorHost host, IReadOnlyList<ActorId> workers, long length) : ISliceCrew
{
    public void Run(Action<Slice> slice, Action done)
    {
        int slices = Slice.CountFor(length, workers.Count);
        if (slices == 1)
        {
            slice(new Slice(0, length));
            done();
            return;
        }
        int left = slices;
        for (int i = 0; i < slices; i++)
        {
            Slice part = Slice.Part(i, slices, length);
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
}
