#include "threads.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <mutex>

namespace disttrain {

namespace {

void bound_openblas(int threads) {
    // By name, so that the library links and runs where libtorch brings another BLAS (MKL obeys torch
    // itself).
    using Setter = void (*)(int);
    static const auto setter = reinterpret_cast<Setter>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
    if (setter != nullptr) {
        setter(threads);
    }
}

} // namespace

void bound_threads(int threads) {
    static std::mutex mutex;
    static std::once_flag interop;
    std::call_once(interop, [] {
        try {
            at::set_num_interop_threads(1);
        } catch (...) {
            // Another user of libtorch in this process has started the pool; nothing here uses it.
        }
    });
    const std::lock_guard<std::mutex> lock(mutex);
    // A thread's first parallel loop takes over what any thread set last. Have that done with, in libtorch
    // and in this library (which may hold a copy of the flag), so that this thread's bound is its own from
    // here on.
    at::get_num_threads();
    at::internal::lazy_init_num_threads();
    at::set_num_threads(threads);
    bound_openblas(threads);
}

} // namespace disttrain
