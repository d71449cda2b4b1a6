using System.Runtime.InteropServices;
using DistTrain.Core;
using DistTrain.Core.Engine;

namespace DistTrain.LibTorch.Interop;

/// <summary>Turns a native status into the house's faults.</summary>
internal static class Status
{
    /// <exception cref="UserFaultException">DT_USER_FAULT.</exception>
    /// <exception cref="RunFaultException">DT_FAULT.</exception>
    public static void ThrowIfFailed(int status)
    {
        if (status != Native.DT_OK)
        {
            throw FaultOf(status, LastError());
        }
    }

    /// <summary>The same of a call that computes on a device, which may have failed for good.</summary>
    /// <exception cref="UserFaultException">DT_USER_FAULT.</exception>
    /// <exception cref="RunFaultException">DT_FAULT, and the device still answers.</exception>
    /// <exception cref="DeviceFaultException">DT_FAULT, and it does not.</exception>
    public static void ThrowIfFailed(int status, string device)
    {
        if (status == Native.DT_OK)
        {
            return;
        }

        string message = LastError();
        throw status == Native.DT_FAULT && !Answers(device)
            ? new DeviceFaultException($"{device} has failed and answers no more: {message}")
            : FaultOf(status, message);
    }

    /// <summary>
    /// A processor that no longer adds is not asked. A fault of the card is like no other in that whatever
    /// the process asks of it afterwards fails as well.
    /// </summary>
    private static bool Answers(string device)
        => device == DeviceList.Cpu || Native.dt_device_answers(device) == Native.DT_OK;

    private static DistTrainException FaultOf(int status, string message)
        => status == Native.DT_USER_FAULT
            ? new UserFaultException(message)
            : new RunFaultException($"The engine reports: {message}");

    private static unsafe string LastError()
        => Marshal.PtrToStringUTF8((IntPtr)Native.dt_last_error()) ?? "";
}
