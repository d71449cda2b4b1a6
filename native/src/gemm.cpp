#include "gemm.h"

#include <ATen/Functions.h>
#include <dlfcn.h>

#include <algorithm>

namespace disttrain {

namespace {

// oneDNN's row-major sgemm (its C API has not changed from 1.x to 3.x). Where libtorch links it as a library
// of its own, as Debian's does, it beats the OpenBLAS beside it by a tenth on these two shapes, and takes its
// thread count from the calling thread's OpenMP bound rather than from a setting of the process. Where it is
// not to be found (libtorch's own builds hide it), at::mm does the work.
using Sgemm = int (*)(char, char, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *,
                      int64_t, float, float *, int64_t);

Sgemm find_sgemm() { return reinterpret_cast<Sgemm>(dlsym(RTLD_DEFAULT, "dnnl_sgemm")); }

// Below this many rows, columns or terms the two libraries swap places.
constexpr int64_t kSmallestSide = 32;

bool try_sgemm(bool on_host, bool transposed, const at::Tensor &out, const at::Tensor &a, const at::Tensor &b,
               int64_t terms) {
    static const Sgemm sgemm = find_sgemm();
    const int64_t rows = out.size(0);
    const int64_t columns = out.size(1);
    if (sgemm == nullptr || !on_host || std::min({rows, columns, terms}) < kSmallestSide ||
        !out.is_contiguous() || !a.is_contiguous() || !b.is_contiguous()) {
        return false;
    }
    return sgemm(transposed ? 'T' : 'N', 'N', rows, columns, terms, 1.0f, a.data_ptr<float>(), a.size(1),
                 b.data_ptr<float>(), columns, 0.0f, out.data_ptr<float>(), columns) == 0;
}

} // namespace

void product_tn(const at::Tensor &out, const at::Tensor &a, const at::Tensor &b, bool on_host) {
    if (!try_sgemm(on_host, true, out, a, b, a.size(0))) {
        at::Tensor destination = out;
        at::mm_out(destination, a.t(), b);
    }
}

void product_nn(const at::Tensor &out, const at::Tensor &a, const at::Tensor &b, bool on_host) {
    if (!try_sgemm(on_host, false, out, a, b, a.size(1))) {
        at::Tensor destination = out;
        at::mm_out(destination, a, b);
    }
}

} // namespace disttrain
