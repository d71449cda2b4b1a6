using DistTrain.Core.Jobs;

namespace DistTrain.Study.Records;

/// <summary>What a study was after, as its report needs to know it.</summary>
/// <param name="Name">The study's.</param>
/// <param name="Question">One sentence for people; null: none was given.</param>
/// <param name="Target">The metric and the value to reach.</param>
/// <param name="ReferenceBatch">The batch that base rates were found with.</param>
/// <param name="Command">The command line that makes it again.</param>
/// <param name="PlannedRuns">Runs of the whole grid; fewer may be finished.</param>
/// <param name="Machine">Where it ran, e.g. "2 × AMD EPYC, libtorch 1.13.1 on cpu".</param>
public sealed record StudyFrame(
    string Name, string? Question, TargetSpec Target, int ReferenceBatch, string Command, int PlannedRuns,
    string Machine);
