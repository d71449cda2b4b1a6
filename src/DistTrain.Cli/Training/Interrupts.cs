using System.Runtime.InteropServices;

namespace DistTrain.Cli.Training;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the run to finish its step and save, the second leaves at once. The
/// exit code is 128 plus the signal's number, as shells expect.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private const int SignalBase = 128;
    private const int Sigint = 2;
    private const int Sigterm = 15;
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<string> _notice;

    public Interrupts(Action<string> notice)
    {
        _notice = notice;
        _registrations =
        [
            Register(PosixSignal.SIGINT, SignalBase + Sigint),
            Register(PosixSignal.SIGTERM, SignalBase + Sigterm),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>130 or 143; 0 while nothing has been caught.</summary>
    public int ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
        _source.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int exitCode)
        => PosixSignalRegistration.Create(signal, context => Handle(context, exitCode));

    private void Handle(PosixSignalContext context, int exitCode)
    {
        if (ExitCode != 0)
        {
            Environment.Exit(exitCode);
        }
        context.Cancel = true;
        ExitCode = exitCode;
        _notice("interrupted: finishing the step and saving; once more leaves at once");
        _source.Cancel();
    }
}
