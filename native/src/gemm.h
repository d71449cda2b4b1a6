// The two matrix products of a linear layer's backward pass, written straight into their destination.
#pragma once

#include <ATen/core/Tensor.h>

namespace disttrain {

// out[m, n] = aᵀ·b for a[k, m], b[k, n].
void product_tn(const at::Tensor &out, const at::Tensor &a, const at::Tensor &b);

// out[m, n] = a·b for a[m, k], b[k, n].
void product_nn(const at::Tensor &out, const at::Tensor &a, const at::Tensor &b);

} // namespace disttrain
