using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// The live view. The run's side only notes what happened, under a lock that is never held while anything is
/// drawn; ten times a second a timer takes a snapshot and draws it. A terminal that accepts no output
/// (Ctrl-S, a stalled connection) therefore holds up the drawing and not the run.
/// </summary>
public sealed class LiveView : IRunView
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Lock _noting = new();
    private readonly Lock _drawing = new();
    private readonly ITerminal _terminal;
    private readonly TimeProvider _time;
    private readonly LiveRegion _region;
    private readonly ITimer _timer;

    // Under _noting.
    private readonly List<Func<int, IReadOnlyList<Line>>> _staying = [];
    private RunState? _state;
    private EpochTable? _table;
    private long _start;

    // Under _drawing.
    private bool _closed;

    /// <param name="terminal">Where to draw.</param>
    /// <param name="color">False: no colours.</param>
    /// <param name="time">Clock and timer.</param>
    public LiveView(ITerminal terminal, bool color, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _terminal = terminal;
        _time = time;
        _region = new LiveRegion(terminal, color);
        _timer = time.CreateTimer(_ => DrawIfFree(), null, Period, Period);
    }

    public void OnStarted(RunStarted run)
    {
        ArgumentNullException.ThrowIfNull(run);
        lock (_noting)
        {
            _state = new RunState(run);
            _table = new EpochTable(run.Plan.LastEpoch);
            _start = _time.GetTimestamp();
            string opening = RunText.Opening(run);
            _staying.Add(width => [.. RunText.Fold(opening, width).Select(line => new Line(line))]);
        }
    }

    public void OnStep(StepMetrics step)
    {
        lock (_noting)
        {
            _state?.Step(step, Now);
        }
    }

    public void OnEvaluating(int epoch, string split)
    {
        lock (_noting)
        {
            _state?.Evaluating(split, Now);
        }
    }

    public void OnEpoch(EpochMetrics epoch)
    {
        lock (_noting)
        {
            _state?.Epoch(epoch, Now);
            if (_table is { } table)
            {
                _staying.Add(width => table.Rows(epoch, width));
            }
        }
    }

    public void OnValidation(ValidationPoint validation)
    {
        lock (_noting)
        {
            _state?.Validation(validation, Now);
        }
    }

    public void OnWorkers(IReadOnlyList<WorkerPace> workers)
    {
        lock (_noting)
        {
            _state?.Workers(workers);
        }
    }

    public void OnNotice(string text)
    {
        string[] lines = Units.Printable(text).Split('\n');
        lock (_noting)
        {
            _staying.Add(_ => [.. lines.Select(line => new Line(line))]);
        }

        // After the end nobody else would draw it.
        if (Volatile.Read(ref _closed))
        {
            lock (_drawing)
            {
                Draw();
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_drawing)
        {
            if (!_closed)
            {
                Volatile.Write(ref _closed, true);
                Draw(leaveCurve: true);
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private void DrawIfFree()
    {
        // A drawing that takes longer than a period is not waited for.
        if (_drawing.TryEnter())
        {
            try
            {
                if (!_closed)
                {
                    Draw();
                }
            }
            finally
            {
                _drawing.Exit();
            }
        }
    }

    private void Draw(bool leaveCurve = false)
    {
        Func<int, IReadOnlyList<Line>>[] staying;
        RunSnapshot? run;
        lock (_noting)
        {
            staying = [.. _staying];
            _staying.Clear();
            run = _state?.Snapshot(Now);
        }

        try
        {
            (int width, int height) = _terminal.Size;
            List<Line> lines = [.. staying.SelectMany(rows => rows(width))];
            if (!_closed)
            {
                _region.Draw(lines, run is null ? [] : LiveFrame.Build(run, width, height));
                return;
            }

            lines.AddRange(leaveCurve && run is not null ? LiveFrame.Curve(run, width) : []);
            _region.Close(lines);
        }
        catch (IOException)
        {
            // The terminal is gone; the run is not.
            Volatile.Write(ref _closed, true);
        }
    }
}
