using DistTrain.Api;
using DistTrain.Core;

namespace DistTrain.Cli.Shell;

/// <summary>
/// The jobs and nodes that there are now, for completion. Asked of the coordinator at most every few
/// seconds and for no longer than a person waits for a key; one that does not answer has no names.
/// </summary>
internal sealed class LiveNames(IClusterControl control, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private readonly Dictionary<NameKind, (long Asked, string[] Names)> _known = [];

    public IEnumerable<string> Of(NameKind kind)
    {
        if (!_known.TryGetValue(kind, out (long Asked, string[] Names) known)
            || time.GetElapsedTime(known.Asked) > Fresh)
        {
            known = (time.GetTimestamp(), Ask(kind));
            _known[kind] = known;
        }

        return known.Names;
    }

    private string[] Ask(NameKind kind)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            // Completion is asked for between two keys, with nobody to hand a task to.
            return AskAsync(kind, patience.Token).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is DistTrainException or OperationCanceledException)
        {
            return [];
        }
    }

    private async Task<string[]> AskAsync(NameKind kind, CancellationToken cancellation) => kind switch
    {
        NameKind.Job => [.. (await control.JobsAsync(cancellation)).Select(job => job.Id).Reverse()],
        _ => [.. (await control.ClusterAsync(cancellation)).Nodes.Select(node => node.Name)],
    };
}
