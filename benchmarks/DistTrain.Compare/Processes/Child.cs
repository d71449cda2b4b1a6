using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using DistTrain.Core;

namespace DistTrain.Compare.Processes;

/// <summary>
/// A process that says what there is to know in lines of JSON on its stdout. Its stdin is a pipe: closing it
/// asks the nodes of a cluster and the roles of this program to leave, and the system closes it when this
/// program is killed.
/// </summary>
internal sealed class Child : IAsyncDisposable
{
    private const int LinesKept = 20;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly Children _children;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly Channel<string> _lines =
        Channel.CreateBounded<string>(
            new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.Wait });
    private readonly Task _reading;

    public Child(Children children, string name, string program, IEnumerable<string> arguments)
    {
        (_children, Name) = (children, name);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        Surroundings.Prepare(start.Environment);
        _process = children.Start(start);
        _reading = Task.WhenAll(ReadOutputAsync(), ReadErrorsAsync());
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>The next line of JSON.</summary>
    /// <exception cref="RunFaultException">It has ended; the message holds what it said last.</exception>
    public async Task<string> LineAsync()
    {
        try
        {
            return await _lines.Reader.ReadAsync(_children.Stop);
        }
        catch (ChannelClosedException)
        {
            await _process.WaitForExitAsync(_children.Stop);
            throw new RunFaultException(
                $"{Name} ended with exit code {_process.ExitCode}:\n  {string.Join("\n  ", _said)}");
        }
    }

    /// <summary>Peak resident memory until now, as Linux keeps it.</summary>
    public double PeakRssMegabytes => PeakMemory.OfProcess(Id);

    public void Kill() => _process.Kill();

    /// <summary>Closes its stdin, waits, and kills it where it does not leave.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(_children.Stop).WaitAsync(Grace, _children.Stop);
        }
        catch (Exception e) when (e is IOException or TimeoutException or OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        await _process.WaitForExitAsync();
        await _reading;
        _children.Forget(_process);
        _process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            // Beyond the bound nobody is waiting for lines: they are dropped, so that the pipe never fills.
            if (line.StartsWith('{'))
            {
                _lines.Writer.TryWrite(line);
            }
        }
        _lines.Writer.Complete();
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _said.Enqueue(line);
            if (_said.Count > LinesKept)
            {
                _said.TryDequeue(out _);
            }
        }
    }
}
