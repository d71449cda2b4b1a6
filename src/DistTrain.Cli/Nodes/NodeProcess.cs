using System.Diagnostics;

namespace DistTrain.Cli.Nodes;

/// <summary>How a child process of this same program is started.</summary>
/// <param name="File">The executable.</param>
/// <param name="Leading">Arguments before the command's own.</param>
internal sealed record ProgramFile(string File, IReadOnlyList<string> Leading)
{
    /// <summary>This program, whether it runs by its own executable or by <c>dotnet exec</c>.</summary>
    public static ProgramFile Own()
    {
        string own = Environment.ProcessPath
            ?? throw new InvalidOperationException("the system does not say which program runs");
        return Path.GetFileNameWithoutExtension(own) == "dotnet"
            ? new ProgramFile(own, ["exec", Path.Combine(AppContext.BaseDirectory, "disttrain.dll")])
            : new ProgramFile(own, []);
    }
}

/// <summary>
/// A node as a child process. Its stdin is a pipe that this process holds open: closing it asks the node to
/// leave, and the system closes it when this process dies, so that the node never outlives it. No signal is
/// sent, for Ctrl-C reaches the whole foreground group by itself, and a second one would mean "at once".
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _ready =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public NodeProcess(string name, ProcessStartInfo start, Action<string> forward)
    {
        Name = name;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(
            ForwardAsync(_process.StandardOutput, forward), ForwardAsync(_process.StandardError, forward));
        Exited = ExitAsync();
    }

    public string Name { get; }

    /// <summary>The line it was ready with; never completes for a node that ends before.</summary>
    public Task<string> Ready => _ready.Task;

    /// <summary>Its exit code, once it has ended and all it said is forwarded.</summary>
    public Task<int> Exited { get; }

    /// <summary>Asks it to leave; ends it where it has not left after the grace.</summary>
    /// <returns>False: it had to be ended.</returns>
    public async Task<bool> StopAsync(TimeSpan grace, TimeProvider time)
    {
        CloseInput();
        using var patience = new CancellationTokenSource(grace, time);
        try
        {
            await Exited.WaitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await Exited;
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Exited;
        _process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        await _reading;
        return _process.ExitCode;
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended, and its pipe with it.
        }
    }

    private async Task ForwardAsync(StreamReader lines, Action<string> forward)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            if (ReadyLine.IsOne(line) && _ready.TrySetResult(line))
            {
                continue;
            }

            forward($"{Name} | {line}");
        }
    }
}
