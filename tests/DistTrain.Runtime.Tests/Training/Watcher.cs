using DistTrain.Core.Coordination;

namespace DistTrain.Runtime.Tests.Training;

/// <summary>Keeps what a run tells, and interrupts it after a step.</summary>
internal sealed class Watcher(long? stopAfter, CancellationTokenSource? interrupt) : IRunObserver
{
    public List<StepMetrics> Steps { get; } = [];
    public List<CheckpointMetrics> Checkpoints { get; } = [];
    public int Epochs { get; private set; }

    public void OnStep(StepMetrics step)
    {
        Steps.Add(step);
        if (step.Step + 1 == stopAfter)
        {
            interrupt!.Cancel();
        }
    }

    public void OnEpoch(EpochMetrics epoch) => Epochs++;

    public void OnCheckpoint(CheckpointMetrics checkpoint) => Checkpoints.Add(checkpoint);
}
