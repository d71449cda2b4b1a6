using DistTrain.Core.Coordination;
using DistTrain.Study.Findings;
using DistTrain.Study.Records;

namespace DistTrain.Study.Reports;

/// <summary>How runs ended, in words.</summary>
internal static class Standing
{
    public static string Of(StudyRun run) => run switch
    {
        { Diverged: true } => "diverged",
        { GivenUp: true } => "given up",
        { Status: RunStatus.Failed } => "failed",
        { Status: RunStatus.Interrupted } => "interrupted",
        { Status: RunStatus.StoppedEarly } => "stopped early",
        _ => "completed",
    };

    /// <summary>"2 diverged, 1 given up of 3 seeds".</summary>
    public static string Of(Outcome outcome)
    {
        string[] parts = [
            .. outcome.Diverged > 0 ? [$"{outcome.Diverged} diverged"] : Array.Empty<string>(),
            .. outcome.GivenUp > 0 ? [$"{outcome.GivenUp} given up"] : Array.Empty<string>(),
            .. outcome.Failed > 0 ? [$"{outcome.Failed} failed"] : Array.Empty<string>()];
        return parts.Length == 0 ? "all seeds at their end"
            : $"{string.Join(", ", parts)} of {Words.Counted(outcome.Seeds, "seed")}";
    }
}
