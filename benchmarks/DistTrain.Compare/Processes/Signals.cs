using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DistTrain.Compare.Processes;

/// <summary>What .NET cannot do to another process: stop it where it stands.</summary>
internal static partial class Signals
{
    /// <summary>SIGSTOP of Linux.</summary>
    private const int StopNumber = 19;

    /// <summary>The process hangs: it computes, sends and hears nothing, and its sockets stay open.</summary>
    public static void Freeze(int process)
    {
        if (Kill(process, StopNumber) != 0)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
