using System.Runtime.InteropServices;

namespace DistTrain.LibTorch.Interop;

/// <summary>Owns a dt_replica.</summary>
internal sealed class ReplicaHandle() : SafeHandle(IntPtr.Zero, ownsHandle: true)
{
    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle()
    {
        Native.dt_replica_destroy(handle);
        return true;
    }
}

/// <summary>Owns a dt_script.</summary>
internal sealed class ScriptHandle() : SafeHandle(IntPtr.Zero, ownsHandle: true)
{
    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle()
    {
        Native.dt_script_destroy(handle);
        return true;
    }
}
