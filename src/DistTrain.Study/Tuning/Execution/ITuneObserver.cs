using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tuning.Execution;

/// <summary>Hears how a search goes; one call at a time.</summary>
public interface ITuneObserver
{
    /// <summary>A search begins, or goes on with trials of before.</summary>
    /// <param name="counted">Trials that count already.</param>
    /// <param name="wanted">Trials it is to have.</param>
    /// <param name="slots">Trials side by side.</param>
    void OnStarted(int counted, int wanted, int slots);

    /// <param name="trial">It has ended.</param>
    /// <param name="progress">How far the search is.</param>
    void OnTrial(Trial trial, TuneProgress progress);
}

/// <param name="Counted">Trials that have ended, refused ones left out.</param>
/// <param name="Wanted">Trials there are to be.</param>
/// <param name="Best">The best one so far; null: none has a value.</param>
/// <param name="Remaining">Estimated from the trials of this session; null: not known yet.</param>
public sealed record TuneProgress(int Counted, int Wanted, Trial? Best, TimeSpan? Remaining);
