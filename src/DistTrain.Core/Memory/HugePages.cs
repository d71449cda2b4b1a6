using System.Runtime.InteropServices;

namespace DistTrain.Core.Memory;

/// <summary>
/// Large blocks on large pages where the system grants them (Linux, transparent huge pages). Parameters and
/// gradients are streamed through by kernels and sockets alike, and with pages of 4 KiB a good part of that
/// time goes into looking pages up.
/// </summary>
internal static unsafe partial class HugePages
{
    private const nuint PageBytes = 2 << 20;
    private const int AdviseHugePage = 14; // MADV_HUGEPAGE, linux/mman.h

    /// <summary>Freed by <see cref="NativeMemory.AlignedFree"/>.</summary>
    /// <param name="bytes">Length.</param>
    /// <param name="alignment">For blocks too small for a large page.</param>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public static void* Allocate(nuint bytes, nuint alignment)
    {
        if (bytes < PageBytes || !OperatingSystem.IsLinux())
        {
            return NativeMemory.AlignedAlloc(bytes, alignment);
        }
        void* block = NativeMemory.AlignedAlloc(bytes, PageBytes);
        // Advice alone: where it is not taken, the block is as good as any other.
        _ = MAdvise(block, bytes / PageBytes * PageBytes, AdviseHugePage);
        return block;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(void* address, nuint length, int advice);
}
