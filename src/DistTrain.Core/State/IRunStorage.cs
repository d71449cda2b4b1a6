using DistTrain.Core.Coordination;

namespace DistTrain.Core.State;

/// <summary>Where a run's checkpoints live.</summary>
public interface IRunStorage
{
    /// <summary>Saves the state as it is now.</summary>
    /// <param name="progress">What belongs to these tensors.</param>
    /// <param name="state">The tensors.</param>
    /// <param name="isBest">True: these are the best weights so far, to be kept besides.</param>
    /// <exception cref="RunFaultException">
    /// It could not be written; what was there before is whole.
    /// </exception>
    void Save(TrainingProgress progress, TrainingState state, bool isBest);

    /// <summary>Reads the best weights back into <paramref name="state"/>.</summary>
    /// <exception cref="DistTrainException">There are none, or they are damaged.</exception>
    void LoadBest(TrainingState state);
}
