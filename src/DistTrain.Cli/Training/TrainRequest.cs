using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Training;

/// <summary>What <c>disttrain train</c> was asked to do.</summary>
/// <param name="JobFile">Path; null: flags and defaults make the job.</param>
/// <param name="Overrides">Flags and --set, in that order.</param>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="Engine">As asked for; null: what suits the model.</param>
/// <param name="OutRoot">Folder for run directories.</param>
/// <param name="Resume">Folder of the run to go on with; null: a new run.</param>
/// <param name="Json">End stdout with the result object.</param>
/// <param name="Quiet">Show warnings only.</param>
/// <param name="Metrics">Address and port to serve metrics at; null: nowhere.</param>
internal sealed record TrainRequest(
    string? JobFile, IReadOnlyList<JobOverride> Overrides, string Device, string? Engine, string OutRoot,
    string? Resume, bool Json, bool Quiet, string? Metrics);
