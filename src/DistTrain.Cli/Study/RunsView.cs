using DistTrain.Cli.Terminal;
using DistTrain.Core.Coordination;
using DistTrain.Study.Execution;

namespace DistTrain.Cli.Study;

/// <summary>
/// Shows many runs on stderr: on a terminal a bar with the runs under way below it, in a pipe a line for
/// every run that ended, when quiet notices alone. Dispose it before anything else is printed.
/// </summary>
internal sealed class RunsView : IRunsWatcher, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private const int BarWidth = 24;

    private readonly Lock _lock = new();
    private readonly string _title;
    private readonly RunsProgress _progress;
    private readonly Func<RunEnd, string> _lineOf;
    private readonly TextWriter _errors;
    private readonly TerminalMode _mode;
    private readonly LiveRegion? _region;
    private readonly ITimer? _timer;
    private bool _closed;

    /// <param name="title">What is shown, e.g. "study smoke".</param>
    /// <param name="progress">Keeps count.</param>
    /// <param name="lineOf">The line of a run that ended.</param>
    /// <param name="choice">How it is shown.</param>
    /// <param name="errors">Where lines go that are no terminal's.</param>
    /// <param name="terminal">Where a bar is drawn; used in live mode only.</param>
    /// <param name="time">The bar's timer.</param>
    public RunsView(
        string title, RunsProgress progress, Func<RunEnd, string> lineOf, TerminalChoice choice,
        TextWriter errors, ITerminal terminal, TimeProvider time)
    {
        (_title, _progress, _lineOf, _errors, _mode) = (title, progress, lineOf, errors, choice.Mode);
        if (_mode == TerminalMode.Live)
        {
            _region = new LiveRegion(terminal, choice.Color);
            _timer = time.CreateTimer(_ => Draw([]), null, Period, Period);
        }
    }

    public void OnStarted(PlannedRun run)
    {
        lock (_lock)
        {
            _progress.Started(run);
        }
    }

    public void OnStep(PlannedRun run, StepMetrics step)
    {
        lock (_lock)
        {
            _progress.Stepped(run, step);
        }
    }

    public void OnFinished(RunEnd end)
    {
        string line;
        lock (_lock)
        {
            _progress.Ended(end);
            RunsSnapshot now = _progress.Now();
            string left = now.Left is { } time && _mode == TerminalMode.Plain
                ? $", about {Units.Clock(time)} left" : "";
            line = $"[{now.Done}{(now.Total is { } total ? $"/{total}" : "")}] {_lineOf(end)}{left}";
        }

        if (_mode != TerminalMode.Quiet)
        {
            Say(line);
        }
    }

    public void OnNotice(string text) => Say(Units.Printable(text));

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            if (!_closed)
            {
                _closed = true;
                _region?.Close([]);
            }
        }
    }

    /// <summary>The region: a bar and the runs under way.</summary>
    internal static IReadOnlyList<Line> Lines(string title, RunsSnapshot now)
    {
        int filled = now.Total is { } total and > 0 ? BarWidth * Math.Min(now.Done, total) / total : 0;
        string counts = now.Total is { } all ? $"{now.Done}/{all} runs" : $"{now.Done} runs";
        string failed = now.Failed > 0 ? $", {now.Failed} failed" : "";
        string givenUp = now.GivenUp > 0 ? $", {now.GivenUp} given up" : "";
        string left = now.Left is { } time ? $", about {Units.Clock(time)} left" : "";
        return
        [
            new Line(title, Ink.Strong)
                .Add($"  {new string('#', filled)}", Ink.Train)
                .Add(new string('.', BarWidth - filled), Ink.Faint)
                .Add($"  {counts}{failed}{givenUp}, {Units.Clock(now.Elapsed)}{left}"),
            .. now.UnderWay.Select(run => new Line("  ").Add(Units.Printable(run.Name)).Add(
                run.Epoch == 0 ? "  starting"
                    : $"  epoch {run.Epoch}/{run.Epochs}, step {Units.Count(run.Step)}, "
                        + $"loss {Units.Loss(run.Loss)}, {Units.Throughput(run.SamplesPerSecond)}",
                Ink.Faint)),
        ];
    }

    private void Say(string line)
    {
        if (_region is null)
        {
            _errors.WriteLine(line);
        }
        else
        {
            Draw([new Line(line)]);
        }
    }

    private void Draw(IReadOnlyList<Line> staying)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _region!.Draw(staying, Lines(_title, _progress.Now()));
            }
        }
    }
}
