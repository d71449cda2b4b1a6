using DistTrain.Core.Coordination;

namespace DistTrain.Runtime.Training;

/// <summary>
/// A worker's side of the data plane. Called on the worker's thread.
/// </summary>
public interface IWorkerDataPlane
{
    /// <summary>
    /// Tells the worker <see cref="WeightsAcquired"/> once weights of this version are in its parameter
    /// buffer.
    /// </summary>
    void Acquire(long version);

    /// <summary>
    /// True: the parameter buffer holds this version and stays as it is until <see cref="Exit"/>. False:
    /// newer weights are on their way, and with them an order that makes the result worthless.
    /// </summary>
    bool TryEnter(long version);

    void Exit();

    /// <summary>
    /// Brings the buffer and then the message to the coordinator. The worker does not write the buffer again
    /// before an order for a later step.
    /// </summary>
    /// <param name="ready">The message.</param>
    /// <param name="isLast">The worker has nothing else to do: this call may take as long as sending.</param>
    void Publish(SubtreeReady ready, bool isLast);
}
