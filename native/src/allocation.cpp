#if defined(__GLIBC__) || __has_include(<malloc.h>)
#include <malloc.h>
#endif

namespace {

// A convolution returns tens of megabytes in new blocks every step, and the C library's default is to map
// such blocks afresh and give them back when freed: thousands of page faults a step. These settings keep them
// in the heap. Buffers that layers reuse avoid most blocks but not these, which libtorch and oneDNN allocate
// inside.
//
// Set when the library is loaded, before worker threads exist: a thread's first allocation ties it to an
// arena, and only the main one, which the others then share, grows beyond 64 MB without being unmapped again.
#ifdef M_ARENA_MAX
struct KeepFreedMemory {
    KeepFreedMemory() {
        constexpr int kLargestThreshold = 32 << 20; // glibc refuses more
        mallopt(M_ARENA_MAX, 1);
        mallopt(M_MMAP_THRESHOLD, kLargestThreshold);
        mallopt(M_TRIM_THRESHOLD, 1 << 30);
        mallopt(M_TOP_PAD, kLargestThreshold);
    }
} keep_freed_memory;
#endif

} // namespace
