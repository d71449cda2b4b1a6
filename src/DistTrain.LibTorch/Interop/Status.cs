using System.Runtime.InteropServices;
using DistTrain.Core;

namespace DistTrain.LibTorch.Interop;

/// <summary>Turns a native status into the house's faults.</summary>
internal static class Status
{
    /// <exception cref="UserFaultException">DT_USER_FAULT.</exception>
    /// <exception cref="RunFaultException">DT_FAULT.</exception>
    public static unsafe void ThrowIfFailed(int status)
    {
        if (status == Native.DT_OK)
        {
            return;
        }

        string message = Marshal.PtrToStringUTF8((IntPtr)Native.dt_last_error()) ?? "";
        throw status == Native.DT_USER_FAULT
            ? new UserFaultException(message)
            : new RunFaultException($"The engine reports: {message}");
    }
}
