using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// Shows a run on stderr, so that stdout stays free for results: live on a terminal, a line an epoch in a
/// pipe, next to nothing when quiet. Dispose it before anything else is printed at the end of the run.
/// Notices may come from any thread; everything else from the coordinator's.
/// </summary>
public sealed class TerminalRunObserver : IRunObserver, IDisposable
{
    private readonly IRunView _view;

    public TerminalRunObserver(IRunView view) => _view = view;

    /// <summary>Shows a run in the view that suits this process's stderr.</summary>
    public static TerminalRunObserver Open(bool quiet, TimeProvider time) => new(OpenView(quiet, time));

    /// <summary>The view that suits this process's stderr.</summary>
    public static IRunView OpenView(bool quiet, TimeProvider time)
    {
        TerminalChoice choice = TerminalChoice.Of(
            quiet, Console.IsErrorRedirected, Environment.GetEnvironmentVariable);
        return choice.Mode switch
        {
            TerminalMode.Live => new LiveView(new ErrorTerminal(), choice.Color, time),
            TerminalMode.Plain => new PlainView(Console.Error),
            _ => new QuietView(Console.Error),
        };
    }

    public void OnStarted(RunStarted run) => _view.OnStarted(run);

    public void OnStep(StepMetrics step) => _view.OnStep(step);

    public void OnEvaluating(int epoch, string split) => _view.OnEvaluating(epoch, split);

    public void OnEpoch(EpochMetrics epoch) => _view.OnEpoch(epoch);

    public void OnValidation(ValidationPoint validation) => _view.OnValidation(validation);

    public void OnWorkers(IReadOnlyList<WorkerPace> workers) => _view.OnWorkers(workers);

    public void OnNotice(string text) => _view.OnNotice(text);

    public void Dispose() => _view.Dispose();
}
