using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>
/// A node as a process of its own. Its stdin is a pipe that the tests hold: should they be killed, the system
/// closes it, and the node leaves by itself.
/// </summary>
internal sealed partial class Node : IAsyncDisposable
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    private readonly Process _process;
    private readonly TaskCompletionSource<JsonElement> _ready =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Node(string name, ProcessStartInfo start, Transcript transcript)
    {
        Name = name;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        transcript.Add(name, "(starts)");
        _process = Process.Start(start)!;
        Ended = EndAsync(transcript);
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>
    /// Its exit code, once all that it said has been heard; 128 plus the signal that killed it.
    /// </summary>
    public Task<int> Ended { get; }

    /// <summary>Waits for the line of JSON that it is ready with.</summary>
    public async Task<JsonElement> ReadyAsync()
    {
        Task first = await Task.WhenAny(_ready.Task, Ended).OrFail($"{Name} is ready or ends");
        (first == _ready.Task).ShouldBeTrue($"{Name} ended before it was ready");
        return await _ready.Task;
    }

    /// <summary>The end that no process can catch.</summary>
    public Task<int> KillAsync()
    {
        Signal(Sigkill);
        return Ended.OrFail($"{Name} is dead");
    }

    /// <summary>Asks it to leave.</summary>
    public void Terminate() => Signal(Sigterm);

    /// <summary>It stands still and its sockets stay open, as in a machine that swaps.</summary>
    public void Stop() => Signal(Sigstop);

    public void Continue() => Signal(Sigcont);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Ended;
        _process.Dispose();
    }

    private void Signal(int number)
    {
        if (!_process.HasExited)
        {
            kill(_process.Id, number).ShouldBe(0);
        }
    }

    private async Task<int> EndAsync(Transcript transcript)
    {
        await Task.WhenAll(
            ReadAsync(_process.StandardOutput, transcript), ReadAsync(_process.StandardError, transcript));
        await _process.WaitForExitAsync();
        transcript.Add(Name, $"(ended with {_process.ExitCode})");
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader, Transcript transcript)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            transcript.Add(Name, line);
            if (line.StartsWith("{\"event\":", StringComparison.Ordinal))
            {
                _ready.TrySetResult(JsonElement.Parse(line));
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
