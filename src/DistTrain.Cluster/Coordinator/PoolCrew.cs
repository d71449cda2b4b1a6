using DistTrain.Runtime.Training;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// Slices on the process's thread pool, the first of them on the caller's thread: a coordinator has nothing
/// else to compute while it sums and updates.
/// </summary>
/// <param name="length">Elements of the flat buffer.</param>
/// <param name="most">Slices at once.</param>
internal sealed class PoolCrew(long length, int most) : ISliceCrew
{
    public void Run(Action<Slice> slice, Action done)
    {
        int slices = Slice.CountFor(length, most);
        int left = slices;
        for (int i = 1; i < slices; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(RunPart, Slice.Part(i, slices, length), preferLocal: false);
        }
        RunPart(Slice.Part(0, slices, length));

        void RunPart(Slice part)
        {
            slice(part);
            if (Interlocked.Decrement(ref left) == 0)
            {
                done();
            }
        }
    }
}
