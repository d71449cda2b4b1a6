using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Planning;

/// <summary>Lays out a study's grid: every cell with its effective job, or every reason why not.</summary>
public sealed class GridPlanner
{
    /// <summary>More than anybody would wait for; it also bounds what a hostile file can ask for.</summary>
    public const int MostCells = 10_000;

    private readonly StudyFile _file;
    private readonly BaseJob _base;
    private readonly int? _samples;
    private readonly List<string> _problems = [];

    private GridPlanner(StudyFile file, BaseJob job, int? trainingSamples)
        => (_file, _base, _samples) = (file, job, trainingSamples);

    private StudySpec Study => _file.Spec;

    /// <param name="file">What is asked for.</param>
    /// <param name="job">The job that is varied.</param>
    /// <param name="trainingSamples">Of its data, after the validation split; null: not known here.</param>
    /// <exception cref="UserFaultException">The grid is contradictory or too large.</exception>
    public static StudyPlan Plan(StudyFile file, BaseJob job, int? trainingSamples)
        => new GridPlanner(file, job, trainingSamples).Plan();

    private StudyPlan Plan()
    {
        GridChecks.Check(_file, _base.Spec, _samples, _problems);
        ThrowIfAny();
        List<Arm> arms = Arms();
        ThrowIfAny();
        long size = arms.Sum(arm => (long)arm.Tries) * Study.Batches.Count * Study.Workers.Count
            * Study.Seeds.Count;
        if (size > MostCells)
        {
            throw _file.Fault("", $"the grid has {size:N0} runs; {MostCells:N0} are the most");
        }

        var cells = new List<StudyCell>((int)size);
        foreach (long seed in Study.Seeds)
        {
            foreach (Arm arm in arms)
            {
                foreach (int batch in Study.Batches)
                {
                    foreach (int workers in Study.Workers)
                    {
                        cells.AddRange(CellsOf(arm, batch, workers, seed));
                    }
                }
            }
        }

        ThrowIfAny();
        return new StudyPlan(
            Study, _base, _samples, [.. cells.DistinctBy(cell => cell.Key, StringComparer.Ordinal)]);
    }

    /// <summary>What is the same at every batch: an optimizer, a rule, a warm-up.</summary>
    private sealed record Arm(JobSpec Job, string Optimizer, string Rule, double Warmup, int Tries);

    private List<Arm> Arms()
    {
        List<Arm> arms = [];
        if (Study.Optimizers.Count == 0)
        {
            AddArms(arms, _base.Spec, OptimizerLabel.Of(_base.Spec.Optimizer), Study.Rules, Study.Warmups);
        }

        foreach (OptimizerChoice choice in Study.Optimizers)
        {
            try
            {
                AddArms(arms, _base.With(choice), choice.Label, StudyChecks.RulesOf(Study, choice),
                    choice.Warmups.Count > 0 ? choice.Warmups : Study.Warmups);
            }
            catch (UserFaultException fault)
            {
                _problems.AddRange(fault.Problems);
            }
        }

        return arms;
    }

    private void AddArms(
        List<Arm> arms, JobSpec job, string label, IReadOnlyList<string> rules, IReadOnlyList<double> warmups)
    {
        IReadOnlyList<double> lengths = warmups.Count > 0 ? warmups : [job.LearningRate.WarmupEpochs];
        arms.AddRange(
            from rule in rules
            from warmup in lengths
            select new Arm(job, label, rule, warmup, rule != RuleNames.Tuned ? 1
                : Study.Tune!.Rates.Count > 0 ? Study.Tune.Rates.Count : Study.Tune.Trials));
    }

    private IEnumerable<StudyCell> CellsOf(Arm arm, int batch, int workers, long seed)
    {
        double baseRate = arm.Job.LearningRate.Base;
        if (arm.Rule != RuleNames.Tuned)
        {
            return [Cell(arm, batch, workers, seed, RuleOf(arm.Rule), baseRate, trial: null)];
        }

        double growth = (double)batch / _base.ReferenceBatch;
        return TunedRates.Of(Study.Tune!, baseRate, growth)
            .Select((rate, trial) => Cell(arm, batch, workers, seed, ScalingRule.None, rate, trial));
    }

    private StudyCell Cell(
        Arm arm, int batch, int workers, long seed, ScalingRule scaling, double baseRate, int? trial)
    {
        int epochs = EpochsOf(batch, arm.Job);
        JobSpec job = arm.Job with
        {
            Batch = arm.Job.Batch with
            {
                Global = batch,
                Shards = Study.Shards ?? ShardCount.For(batch, Study.Workers.Max()),
            },
            Seed = seed,
            Workers = new WorkersSpec(1, workers),
            Epochs = epochs,
            MaxSteps = Study.Steps ?? (Study.Epochs is null ? arm.Job.MaxSteps : null),
            Target = Study.Target,
            Checkpoint = arm.Job.Checkpoint with { Keep = 1 },
            LearningRate = arm.Job.LearningRate with
            {
                Base = baseRate,
                ReferenceBatch = _base.ReferenceBatch,
                Scaling = scaling,
                WarmupEpochs = arm.Warmup,
                WarmupStart = arm.Warmup > 0 ? arm.Job.LearningRate.WarmupStart : null,
            },
        };
        double peak = BatchScaling.RateFor(job.LearningRate, batch);
        JobSpec reduced = RunIdentity.Reduced(job);
        string id = RunIdentity.Of(reduced);
        string name = CellName.Of(batch, arm.Rule, arm.Optimizer, seed, id);
        CellJobCheck.Check(_file, reduced with { Name = name }, _problems);
        return new StudyCell
        {
            Id = id,
            Job = reduced with { Name = name },
            Rule = arm.Rule,
            Optimizer = arm.Optimizer,
            WarmupEpochs = arm.Warmup,
            Trial = trial,
            BaseRate = baseRate,
            PeakRate = peak,
        };
    }

    /// <summary>A budget of steps needs as many epochs as hold them.</summary>
    private int EpochsOf(int batch, JobSpec job)
        => Study.Steps is { } steps && _samples is { } samples
            ? (int)Math.Min(1_000_000, (steps - 1) / StudyPlan.StepsPerEpoch(samples, batch) + 1)
            : Study.Epochs ?? job.Epochs;

    private static ScalingRule RuleOf(string rule) => rule switch
    {
        RuleNames.None => ScalingRule.None,
        RuleNames.Sqrt => ScalingRule.Sqrt,
        RuleNames.Linear => ScalingRule.Linear,
        RuleNames.Legew => ScalingRule.Legew,
        RuleNames.AdaScale => ScalingRule.AdaScale,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Not a rule of a job."),
    };

    private void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new UserFaultException([.. _problems.Distinct(StringComparer.Ordinal).Take(50)]);
        }
    }
}
