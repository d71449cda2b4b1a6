using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>A running program. What it says can be waited for, and it can be sent signals.</summary>
internal sealed partial class ProgramRun : IDisposable
{
    /// <summary>Only keeps a hanging program from hanging the suite; no test depends on it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task _reading;
    private readonly List<string> _errorLines = [];
    private bool _ended;

    public ProgramRun(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _reading = Task.Factory.StartNew(ReadErrors, TaskCreationOptions.LongRunning);
    }

    /// <summary>Waits until the program writes such a line to stderr; the line.</summary>
    public string WaitForLine(Func<string, bool> wanted)
    {
        lock (_errorLines)
        {
            for (int seen = 0; ; seen++)
            {
                while (seen == _errorLines.Count)
                {
                    _ended.ShouldBeFalse($"it ended without the line:\n{string.Join('\n', _errorLines)}");
                    Monitor.Wait(_errorLines, Patience).ShouldBeTrue("the program hangs");
                }

                if (wanted(_errorLines[seen]))
                {
                    return _errorLines[seen];
                }
            }
        }
    }

    /// <summary>Waits until the run has saved this many steps or more; the run's folder.</summary>
    public string WaitForCheckpoint(int step)
    {
        const string Prefix = "run directory: ";
        string said = WaitForLine(line => line.StartsWith(Prefix, StringComparison.Ordinal));
        string folder = said[Prefix.Length..];
        string checkpoints = Path.Combine(folder, "checkpoints");
        using var changed = new AutoResetEvent(initialState: true);
        using var watcher = new FileSystemWatcher(checkpoints);
        watcher.Created += (_, _) => changed.Set();
        watcher.Renamed += (_, _) => changed.Set();
        watcher.EnableRaisingEvents = true;
        do
        {
            changed.WaitOne(Patience).ShouldBeTrue("the program hangs");
        }
        while (!Directory.EnumerateFiles(checkpoints, "step-*.safetensors")
            .Any(path => int.Parse(Path.GetFileNameWithoutExtension(path)["step-".Length..]) >= step));
        return folder;
    }

    public void Interrupt() => Signal(2);

    public void Terminate() => Signal(15);

    public void Kill() => Signal(9);

    /// <summary>Waits for the end.</summary>
    public ProgramResult Wait()
    {
        if (!_process.WaitForExit(Patience))
        {
            throw new TimeoutException("the program hangs");
        }

        _reading.GetAwaiter().GetResult();
        return new ProgramResult(
            _process.ExitCode, _output.GetAwaiter().GetResult(), string.Join('\n', _errorLines));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Signal(int number) => kill(_process.Id, number).ShouldBe(0);

    private void ReadErrors()
    {
        while (_process.StandardError.ReadLine() is { } line)
        {
            lock (_errorLines)
            {
                _errorLines.Add(line);
                Monitor.PulseAll(_errorLines);
            }
        }

        lock (_errorLines)
        {
            _ended = true;
            Monitor.PulseAll(_errorLines);
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
