using System.Diagnostics;
using DistTrain.Cli.Commands;

namespace DistTrain.Cli.Nodes;

/// <summary>
/// Waits until a device is there. Whoever watches over nodes, as Kubernetes does, then sees one that is up
/// and not ready, with the reason in its log, instead of one that ends again and again.
/// </summary>
/// <param name="whyNot">Looks: null, or why the device is not there.</param>
/// <param name="notice">Takes lines for people; a reason is said once, however often it recurs.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceWait(
    Func<CancellationToken, Task<string?>> whyNot, Action<string> notice, TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task UntilThereAsync(CancellationToken stop)
    {
        string? said = null;
        while (await whyNot(stop) is { } reason)
        {
            if (reason != said)
            {
                notice($"not ready: {reason}; looking again every {Pause.TotalSeconds} s");
                said = reason;
            }

            await Task.Delay(Pause, time, stop);
        }

        if (said is not null)
        {
            notice("the device is there now");
        }
    }

    /// <summary>
    /// Looks from a process of its own: a process in which CUDA has once failed to start never sees a device
    /// that comes later.
    /// </summary>
    public static async Task<string?> AskChildAsync(string device, CancellationToken stop)
    {
        ProgramFile own = ProgramFile.Own();
        var start = new ProcessStartInfo(
            own.File, [.. own.Leading, "devices", DevicesCommand.RequireFlag, device])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process child = Process.Start(start)!;
        child.StandardInput.Close();
        try
        {
            string text = await child.StandardError.ReadToEndAsync(stop);
            await child.WaitForExitAsync(stop);
            const string Name = "disttrain: ";
            string line = text.Trim().ReplaceLineEndings(" ");
            return child.ExitCode == 0
                ? null
                : line.StartsWith(Name, StringComparison.Ordinal) ? line[Name.Length..] : line;
        }
        catch (OperationCanceledException)
        {
            child.Kill(entireProcessTree: true);
            throw;
        }
    }
}
