using DistTrain.Core.Jobs;

namespace DistTrain.Core.Coordination;

/// <summary>
/// Whoever watches a run: the terminal, the metrics files. Calls come one at a time, in order, from the
/// coordinator's mailbox; an observer must return quickly, for the next step waits for it.
/// </summary>
public interface IRunObserver
{
    void OnStarted(RunStarted run) { }
    void OnStep(StepMetrics step) { }
    void OnEvaluating(int epoch, string split) { }
    void OnEpoch(EpochMetrics epoch) { }

    /// <summary>A validation between the ends of epochs.</summary>
    void OnValidation(ValidationPoint validation) { }

    /// <summary>How fast the workers are, when there is something new to say.</summary>
    void OnWorkers(IReadOnlyList<WorkerPace> workers) { }

    /// <summary>A checkpoint was written, or could not be.</summary>
    void OnCheckpoint(CheckpointMetrics checkpoint) { }

    /// <summary>Something worth a line: a skipped step, a saved checkpoint, a lost worker.</summary>
    void OnNotice(string text) { }
}

/// <param name="Job">The effective job.</param>
/// <param name="Workers">Workers at the start.</param>
/// <param name="StepsPerEpoch">⌈training samples / global batch⌉ of the first epoch.</param>
/// <param name="TrainingSamples">After the validation split.</param>
/// <param name="ValidationSamples">0: none.</param>
/// <param name="Parameters">Trained numbers in the model.</param>
/// <param name="Engine">e.g. "libtorch 1.13.1 on cpu".</param>
/// <param name="ResumedAt">The step a resumed run goes on from; null for a fresh one.</param>
public sealed record RunStarted(
    JobSpec Job, int Workers, int StepsPerEpoch, int TrainingSamples, int ValidationSamples, long Parameters,
    string Engine, long? ResumedAt)
{
    /// <summary>
    /// Which step belongs to which epoch, as far as training goes: its test samples are not told.
    /// </summary>
    public TrainingPlan Plan { get; } = new(Job, TrainingSamples, ValidationSamples, testSamples: 0);
}
