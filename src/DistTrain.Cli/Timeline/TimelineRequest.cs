using DistTrain.Cli.Client;

namespace DistTrain.Cli.Timeline;

/// <summary>What a line asks to see of a run.</summary>
/// <param name="Run">Its folder, or its job's id.</param>
/// <param name="Steps">null: not by step.</param>
/// <param name="Epoch">1-based; null: not by epoch.</param>
/// <param name="TracePath">null: NAME.timeline.json.</param>
/// <param name="PicturePath">null: no picture.</param>
/// <param name="Json">The shares as a line of JSON.</param>
/// <param name="Server">The cluster the job belongs to; null: a folder of this machine.</param>
internal sealed record TimelineRequest(
    string Run, StepRange? Steps, int? Epoch, string? TracePath, string? PicturePath, bool Json,
    ClientSettings? Server);
