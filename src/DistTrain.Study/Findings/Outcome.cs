using DistTrain.Core.Coordination;
using DistTrain.Study.Fitting;
using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>What became of one setting over its seeds.</summary>
public sealed record Outcome
{
    public required Setting Setting { get; init; }

    /// <summary>Runs, by id, of all seeds and worker counts.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>Different seeds that were run, whatever came of them.</summary>
    public required int Seeds { get; init; }

    /// <summary>Seeds that diverged, were given up, or failed otherwise: each seed in one of them.</summary>
    public required int Diverged { get; init; }
    public required int GivenUp { get; init; }
    public required int Failed { get; init; }

    /// <summary>The yardstick at the end, over the seeds that got there; null: none did.</summary>
    public required SeedMean? Score { get; init; }

    /// <summary>Test accuracy, or test loss where the yardstick is a loss.</summary>
    public required SeedMean? Test { get; init; }

    public required SeedMean? Gap { get; init; }

    /// <summary>Seeds that reached the target, and what it took them.</summary>
    public required int Reached { get; init; }
    public required SeedMean? StepsToTarget { get; init; }
    public required SeedMean? ExamplesToTarget { get; init; }

    /// <summary>Most epochs that any seed took to the target; null: none reached it.</summary>
    public required double? EpochsToTarget { get; init; }

    /// <summary>The target's metric at its best in each seed, however the seed ended; null: never
    /// measured.</summary>
    public required SeedMean? Nearest { get; init; }

    public required IReadOnlyList<Timing> Timings { get; init; }

    /// <summary>Every seed came to its end.</summary>
    public bool IsSound => Diverged + GivenUp + Failed == 0 && Seeds > 0;

    /// <summary>Every seed reached the target.</summary>
    public bool ReachesTarget => IsSound && Reached == Seeds;

    /// <summary>One per setting, in the order of batches.</summary>
    internal static IReadOnlyList<Outcome> Of(IEnumerable<StudyRun> runs, Yardstick yardstick) => [.. runs
        .GroupBy(Setting.Of).OrderBy(g => g.Key.Batch).ThenBy(g => g.Key.Line).ThenBy(g => g.Key.PeakRate)
        .Select(g => Of(g.Key, [.. g], yardstick))];

    private static Outcome Of(Setting setting, StudyRun[] runs, Yardstick yardstick)
    {
        // Runs of one seed with other worker counts are the same weights again and must not count as
        // evidence.
        StudyRun[] seeds = [.. runs.GroupBy(r => r.Seed).OrderBy(g => g.Key)
            .Select(g => g.OrderByDescending(r => r.IsUsable()).ThenBy(r => r.Workers).First())];
        StudyRun[] sound = [.. seeds.Where(r => r.IsUsable())];
        StudyRun[] reached = [.. sound.Where(r => r.StepsToTarget > 0)];
        return new Outcome
        {
            Setting = setting,
            Runs = [.. runs.Select(r => r.Id)],
            Seeds = seeds.Length,
            Diverged = seeds.Count(r => r.Diverged),
            GivenUp = seeds.Count(r => r.GivenUp && !r.Diverged),
            Failed = seeds.Count(r => !r.IsUsable() && !r.Diverged && !r.GivenUp),
            Score = SeedMean.Of(sound.Select(yardstick.Of)),
            Test = SeedMean.Of(sound.Select(r => yardstick.IsAccuracy ? r.Test?.Accuracy : r.Test?.Loss)),
            Gap = SeedMean.Of(sound.Select(yardstick.Gap)),
            Reached = reached.Length,
            StepsToTarget = SeedMean.Of(reached.Select(r => (double?)r.StepsToTarget)),
            ExamplesToTarget = SeedMean.Of(reached.Select(r => (double?)r.ExamplesToTarget)),
            EpochsToTarget = reached.Where(r => r.ExamplesToTarget > 0 && r.TrainingSamples > 0)
                .Max(r => (double?)r.ExamplesToTarget / r.TrainingSamples),
            Nearest = SeedMean.Of(seeds.Select(r => r.Best)),
            Timings = [.. runs.Where(r => r.IsUsable()).GroupBy(r => r.Workers).OrderBy(g => g.Key)
                .Select(g => Timing.Of(g.Key, [.. g]))],
        };
    }
}

/// <summary>How fast one setting was with one number of workers.</summary>
/// <param name="Workers">At work in the run.</param>
/// <param name="Seconds">Of whole runs.</param>
/// <param name="SecondsToTarget">Over the runs that reached the target; null: none did.</param>
/// <param name="SamplesPerSecond">Training samples.</param>
public sealed record Timing(
    int Workers, SeedMean? Seconds, SeedMean? SecondsToTarget, SeedMean? SamplesPerSecond)
{
    internal static Timing Of(int workers, StudyRun[] runs) => new(
        workers, SeedMean.Of(runs.Select(r => (double?)r.Seconds)),
        SeedMean.Of(runs.Where(r => r.StepsToTarget > 0).Select(r => r.SecondsToTarget)),
        SeedMean.Of(runs.Select(r => (double?)r.SamplesPerSecond)));
}

internal static class RunStanding
{
    /// <summary>Whether the run came to the end it was meant to have, so that its results may be
    /// compared.</summary>
    public static bool IsUsable(this StudyRun run)
        => !run.Diverged && !run.GivenUp && run.Status is (RunStatus.Completed or RunStatus.StoppedEarly);
}
