using System.Diagnostics.Metrics;
using DistTrain.Api;
using DistTrain.Cluster.Coordinator;
using DistTrain.Core.Cluster;

namespace DistTrain.Telemetry.Instruments;

/// <summary>Measures a coordinator node: its cluster, and each of its runs.</summary>
public sealed class CoordinatorMeter : ICoordinatorWatch
{
    private readonly FreshView _view;
    private readonly ClusterMeter _cluster;
    private readonly Func<string, IRunWatch> _ofRun;

    internal CoordinatorMeter(Meter meter, FreshView view, Func<string, IRunWatch> ofRun)
        => (_view, _cluster, _ofRun) = (view, new ClusterMeter(meter, view), ofRun);

    /// <summary>Whom to ask how the cluster is; until then it has neither members nor jobs.</summary>
    public void Ask(IClusterControl control) => _view.Control = control;

    public IRunWatch OnRun(RunId run) => _ofRun(run.Job.Name);

    public void OnMember(MemberChange change) => _cluster.OnMember(change);

    public void OnJob(JobId job, JobState state) => _cluster.OnJob(state);
}
