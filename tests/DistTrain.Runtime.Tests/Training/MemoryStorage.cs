using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.State;
using DistTrain.Runtime.Training;

namespace DistTrain.Runtime.Tests.Training;

/// <summary>Keeps a run's checkpoints in memory, or fails with an error.</summary>
internal sealed class MemoryStorage : IRunStorage
{
    public TrainingProgress? Progress { get; private set; }
    public float[]? Best { get; private set; }
    public string? Error { get; init; }
    public int Saves { get; private set; }

    public void Save(TrainingProgress progress, TrainingState state, bool isBest)
    {
        Saves++;
        if (Error is not null)
        {
            throw new RunFaultException(Error);
        }

        Progress = progress;
        Best = isBest ? TrainingSessionTests.Snapshot(state) : Best;
    }

    public void LoadBest(TrainingState state, int epoch)
        => (Best ?? throw new RunFaultException("nothing kept")).CopyTo(state.Parameters.Span);
}
