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
    /// <param name="state">Receives them; untouched when they are not there.</param>
    /// <param name="epoch">The epoch they must be of: a later best one may have found the disk full.</param>
    /// <exception cref="DistTrainException">
    /// There are none, they are damaged or of another epoch.
    /// </exception>
    void LoadBest(TrainingState state, int epoch);
}
