using DistTrain.Cli.Terminal;
using DistTrain.Study.Tuning.Execution;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Cli.Study;

/// <summary>A line for every trial that has ended.</summary>
internal sealed class TuneLines(TunePlan plan, TextWriter errors) : ITuneObserver
{
    public void OnStarted(int counted, int wanted, int slots)
        => errors.WriteLine((counted > 0 ? $"{counted} trials are there already; " : "")
            + $"{Math.Max(0, wanted - counted)} to go, {slots} at a time, "
            + $"for the best {plan.Objective.Name}");

    public void OnTrial(Trial trial, TuneProgress progress)
    {
        string values = string.Join(' ', plan.Space.OverridesFor(trial.Values).Select(o => o.Source));
        string what = trial.Status switch
        {
            TrialStatus.Refused => $"refused: {trial.Reason}",
            TrialStatus.Failed => $"failed: {trial.Reason}",
            TrialStatus.GivenUp =>
                $"{plan.Objective.Show(trial.Value)}, given up after epoch {trial.Curve.Count}",
            _ => plan.Objective.Show(trial.Value),
        };
        string best = progress.Best is { } b
            ? $"; best {plan.Objective.Show(b.Value)} (trial {b.Index})" : "";
        string left = progress.Remaining is { } time && progress.Counted < progress.Wanted
            ? $"; about {Units.Clock(time)} left" : "";
        errors.WriteLine(Units.Printable(
            $"[{progress.Counted}/{progress.Wanted}] trial {trial.Index}: {what}  {values}{best}{left}"));
    }
}
