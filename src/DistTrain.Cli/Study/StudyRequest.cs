using DistTrain.Cli.Client;

namespace DistTrain.Cli.Study;

/// <summary>What <c>disttrain study</c> was asked to do.</summary>
/// <param name="File">The study file's path.</param>
/// <param name="Out">Folder of the study; null: studies/NAME.</param>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="Workers">Workers that may be busy at once; null: what the machine or the cluster has.</param>
/// <param name="Server">The cluster's coordinator; null: this machine.</param>
/// <param name="DryRun">Show the plan and run nothing.</param>
/// <param name="Json">End stdout with the result object.</param>
/// <param name="Quiet">Show warnings only.</param>
internal sealed record StudyRequest(
    string File, string? Out, string Device, int? Workers, ClientSettings? Server, bool DryRun, bool Json,
    bool Quiet);
