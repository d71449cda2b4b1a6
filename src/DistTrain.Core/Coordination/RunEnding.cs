using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Coordination;

/// <summary>
/// What a run says of itself at its end: how it ended, why, and how good the weights it keeps are.
/// </summary>
internal sealed class RunEnding(JobSpec job)
{
    private bool _tried;

    /// <summary>True once the best epoch's weights are back.</summary>
    public bool Restored { get; private set; }

    /// <summary>On the weights kept; null until the test set is through.</summary>
    public EvaluationMetrics? Test { get; set; }

    /// <summary>Whether the job wants older weights than those that training ended with.</summary>
    public bool WantsBest(TrainingProgress progress)
    {
        int best = progress.EarlyStopping.BestEpoch;
        return !_tried && job.EarlyStopping is { RestoreBest: true } && best > 0
            && best < progress.CompletedEpochs;
    }

    /// <summary>Notes whether the best weights came back, and says so.</summary>
    public Notice OnRestored(BestRestored restored, TrainingProgress progress)
    {
        _tried = true;
        Restored = restored.Error is null;
        return new Notice(
            restored.Error ?? $"the weights of epoch {progress.EarlyStopping.BestEpoch} are back");
    }

    /// <summary>The ending of a run that was trained as far as its job goes.</summary>
    public static RunStatus StatusOf(TrainingProgress progress)
        => progress.StoppedEarly ? RunStatus.StoppedEarly : RunStatus.Completed;

    /// <param name="progress">After the step.</param>
    /// <param name="overflowed">For the scale of the loss, which is lower now.</param>
    public static string Skip(TrainingProgress progress, bool overflowed)
        => overflowed
            ? $"step {progress.Step - 1}: a scaled gradient overflowed; the update is skipped on all workers "
                + $"and the loss scale is {progress.LossScale!.Scale} now"
            : $"step {progress.Step - 1}: the gradient is not finite; the update is skipped on all workers";

    public static string Divergence(TrainingProgress progress)
        => $"training diverged: {progress.ConsecutiveSkips} steps in a row up to step {progress.Step - 1} "
            + "had a gradient that is not finite; try a lower learning rate, warm-up or clipNorm";

    /// <summary>
    /// Tells everyone. Those that are leaving hear it like all others: with the run, their part in it is
    /// over.
    /// </summary>
    public void Announce(
        RunStatus status, string reason, TrainingProgress progress, Crew crew, List<Effect> effects)
    {
        foreach (ActorId worker in crew.Everyone)
        {
            effects.Add(new Send(worker, new TrainingEnded(status, reason)));
        }
        effects.Add(new Finish(Outcome(status, reason, progress)));
    }

    private RunOutcome Outcome(RunStatus status, string reason, TrainingProgress progress)
    {
        int epochs = progress.History.Count;
        int kept = Restored ? progress.EarlyStopping.BestEpoch : epochs;
        EpochMetrics? final = epochs == 0 ? null : progress.History[kept - 1];
        return new RunOutcome(status, reason, progress, Test, final);
    }
}
