using DistTrain.Core.Coordination;

namespace DistTrain.Study.Sweeps;

/// <summary>Listens to a sweep, keeps its points, and ends the run where the loss blows up.</summary>
/// <param name="steps">Steps of the whole sweep.</param>
/// <param name="onPoint">Hears of every point, for a display.</param>
/// <param name="end">Ends the run; called once.</param>
public sealed class SweepRecorder(int steps, Action<SweepPoint> onPoint, Action end) : IRunObserver
{
    private readonly BlowUp _blowUp = new(LossSmoothing.BetaFor(steps));
    private readonly List<SweepPoint> _points = [];

    /// <summary>In order; read it when the run has ended.</summary>
    public IReadOnlyList<SweepPoint> Points => _points;

    /// <summary>The last point blew up.</summary>
    public bool HasBlownUp { get; private set; }

    public void OnStep(StepMetrics step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (HasBlownUp)
        {
            return; // What was under way when the end was asked for.
        }

        var point = new SweepPoint(step.LearningRate, step.Skipped ? double.NaN : step.Loss);
        _points.Add(point);
        onPoint(point);
        if (_blowUp.EndsWith(point.Loss))
        {
            HasBlownUp = true;
            end();
        }
    }
}
