using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Study.Tuning.Halving;
using DistTrain.Study.Tuning.Samplers;
using DistTrain.Study.Tuning.Spaces;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tuning.Execution;

/// <summary>A trial that is to be run.</summary>
internal sealed record PlannedTrial(
    int Index, IReadOnlyList<double> Point, IReadOnlyList<string?> Values, JobSpec Job);

/// <summary>
/// Which trial comes next, and what the ones that have ended came to. Numbers that an interruption left open
/// come first, so that a search that goes on is the search that was interrupted. Not thread-safe.
/// </summary>
internal sealed class TrialQueue
{
    /// <summary>So many points in a row without one to run, and there is none to be found.</summary>
    public const int MostInVain = 200;

    private readonly TunePlan _plan;
    private readonly SuccessiveHalving _halving = new();
    private readonly SortedDictionary<int, Trial> _ended = [];
    private readonly HashSet<int> _open = [];
    private readonly HashSet<int> _passedOver = [];
    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);
    private int _inVain;

    public TrialQueue(TunePlan plan, IReadOnlyList<Trial> earlier)
    {
        _plan = plan;
        foreach (Trial trial in earlier)
        {
            _ended[trial.Index] = trial;
            _tried.Add(KeyOf(trial.Values));
            _halving.Replay(trial.BestCosts(plan.Objective));
        }
    }

    public IReadOnlyList<Trial> Ended => [.. _ended.Values];

    /// <summary>Trials that count: those that were run.</summary>
    public int Counted => _ended.Values.Count(t => t.Status != TrialStatus.Refused);

    public Trial? Best => _ended.Values.Where(t => t.Value is not null)
        .MinBy(t => _plan.Objective.CostOf(t.Value));

    /// <summary>The next trial to run; null: as many as wanted have ended or are under way, or there are no
    /// more points.</summary>
    /// <param name="refused">Receives the points that were passed over because no job comes of them.</param>
    public PlannedTrial? Next(List<Trial> refused)
    {
        while (Counted + _open.Count < _plan.Trials && _inVain < MostInVain)
        {
            int index = FirstFree();
            if (_plan.Sampler.Next(index, Observations()) is not { } point)
            {
                return null;
            }

            _inVain++;
            IReadOnlyList<string?> values = _plan.Space.ValuesAt(point);
            if (!_tried.Add(KeyOf(values)))
            {
                // The same job gives the same bits: there is nothing to be learnt from it.
                _passedOver.Add(index);
                continue;
            }

            if (TryJobOf(values, out JobSpec? job, out string? why))
            {
                _open.Add(index);
                return new PlannedTrial(index, point, values, job!);
            }

            var trial = new Trial
            {
                Index = index,
                Point = point,
                Values = values,
                Status = TrialStatus.Refused,
                Reason = why,
            };
            _ended.Add(index, trial);
            refused.Add(trial);
        }

        return null;
    }

    public void End(Trial trial)
    {
        _open.Remove(trial.Index);
        _ended.Add(trial.Index, trial);
        _inVain = trial.Status == TrialStatus.Refused ? _inVain : 0;
    }

    /// <summary>Successive halving's judgement.</summary>
    public bool GoesOn(int epoch, double cost) => !_plan.Halving || _halving.GoesOn(epoch, cost);

    private static string KeyOf(IReadOnlyList<string?> values) => string.Join('\n', values);

    private int FirstFree()
    {
        int index = 0;
        while (_ended.ContainsKey(index) || _open.Contains(index) || _passedOver.Contains(index))
        {
            index++;
        }

        return index;
    }

    private List<Observation> Observations()
        => [.. _ended.Values.Select(t => new Observation(
            t.Point, [.. t.Values.Select(v => v is not null)], _plan.Objective.CostOf(t.Value)))];

    private bool TryJobOf(IReadOnlyList<string?> values, out JobSpec? job, out string? why)
    {
        try
        {
            job = _plan.JobOf(_plan.Space.OverridesFor(values));
            _plan.Objective.Check(job);
            why = null;
            return true;
        }
        catch (UserFaultException fault)
        {
            (job, why) = (null, fault.Problems[0]);
            return false;
        }
    }
}
