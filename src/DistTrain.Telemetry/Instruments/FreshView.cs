using DistTrain.Api;
using DistTrain.Core;

namespace DistTrain.Telemetry.Instruments;

/// <summary>
/// The cluster as it was a moment ago. A scrape brings a view with it; an export, which comes on a thread of
/// its own, waits for one.
/// </summary>
internal sealed class FreshView(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private volatile IClusterControl? _control;
    private volatile Taken? _last;

    /// <summary>Who knows; null: nobody yet.</summary>
    public IClusterControl? Control
    {
        get => _control;
        set => _control = value;
    }

    /// <summary>No older than a second; null before there is anybody to ask.</summary>
    /// <exception cref="RunFaultException">The coordinator does not answer.</exception>
    public ClusterView? Current
    {
        get
        {
            Taken? last = _last;
            if (last is not null && time.GetElapsedTime(last.At) < Fresh)
            {
                return last.View;
            }
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                return RenewAsync(patience.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException over)
            {
                throw new RunFaultException("the coordinator did not say how the cluster is", over);
            }
        }
    }

    public async Task<ClusterView?> RenewAsync(CancellationToken cancellation)
    {
        if (_control is not { } control)
        {
            return null;
        }
        ClusterView view = await control.ClusterAsync(cancellation).ConfigureAwait(false);
        _last = new Taken(view, time.GetTimestamp());
        return view;
    }

    private sealed record Taken(ClusterView View, long At);
}
