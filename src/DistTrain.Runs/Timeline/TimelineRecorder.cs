using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Observation;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// Writes a run's timeline as it happens. Steps say themselves when they began; what lies between steps is
/// timed here. When the file cannot be written, that is said once and the run goes on.
/// </summary>
public sealed class TimelineRecorder : IRunObserver, IDisposable
{
    private readonly StepCalendar _calendar;
    private readonly Action<string> _notice;
    private readonly TimelineLog? _log;
    private long? _evaluating;
    private long _version;
    private bool _said;

    /// <param name="open">Opens the log; owned from now on.</param>
    /// <param name="time">The clock and the calendar.</param>
    /// <param name="notice">Is told, once, that it cannot be written.</param>
    public TimelineRecorder(Func<TimelineLog> open, TimeProvider time, Action<string> notice)
    {
        (_calendar, _notice) = (new StepCalendar(time), notice);
        TimelineLog? log = null;
        Guard(() => log = open());
        _log = log;
    }

    /// <summary>Ticks of UTC, never backwards.</summary>
    public long Now => _calendar.Now;

    public void OnStep(StepMetrics step)
    {
        EndEvaluation();
        _version = step.Step + 1;
        if (_log is null || step.Times is not { } times)
        {
            return;
        }

        try
        {
            _log.Write(step, _calendar.BeginOf(times));
        }
        catch (RunFaultException fault)
        {
            Say(fault);
        }
    }

    public void OnEvaluating(int epoch, string split) => _evaluating = Now;

    public void OnEpoch(EpochMetrics epoch) => EndEvaluation();

    public void OnValidation(ValidationPoint validation) => EndEvaluation();

    /// <summary>
    /// A checkpoint of this version is on disk; what came before is handed to the file too.
    /// </summary>
    /// <param name="step">The version.</param>
    /// <param name="begin"><see cref="Now"/> when saving began.</param>
    public void Saved(long step, long begin)
    {
        Record(TimelinePhaseKind.Checkpoint, step, begin);
        Guard(() => _log?.Flush());
    }

    /// <summary>The run is over; what has gathered is handed to the file.</summary>
    public void Close()
    {
        EndEvaluation();
        Guard(() => _log?.Flush());
    }

    public void Dispose() => _log?.Dispose();

    private void EndEvaluation()
    {
        if (_evaluating is { } begin)
        {
            _evaluating = null;
            Record(TimelinePhaseKind.Evaluation, _version, begin);
        }
    }

    private void Record(TimelinePhaseKind kind, long step, long begin)
        => Guard(() => _log?.Write(kind, step, begin, new TimeSpan(Now - begin)));

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (RunFaultException fault)
        {
            Say(fault);
        }
    }

    private void Say(RunFaultException fault)
    {
        if (!_said)
        {
            _said = true;
            _notice($"{fault.Message}; the run goes on, and its timeline has a gap");
        }
    }
}
