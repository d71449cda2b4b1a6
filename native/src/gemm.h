// The two matrix products of a linear layer's backward pass, written straight into their destination. Off the
// host libtorch computes them; on it, a faster library may.
#pragma once

#include <ATen/core/Tensor.h>

namespace disttrain {

// out[m, n] = aᵀ·b for a[k, m], b[k, n].
void product_tn(const at::Tensor &out, const at::Tensor &a, const at::Tensor &b, bool on_host);

// out[m, n] = a·b for a[m, k], b[k, n].
void product_nn(const at::Tensor &out, const at::Tensor &a, const at::Tensor &b, bool on_host);

} // namespace disttrain
