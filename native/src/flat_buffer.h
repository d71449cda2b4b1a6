// The flat buffers of parameters and gradients, as layers see them.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include <memory>

#include "transfer.h"

namespace disttrain {

// The numbers that layers compute with, and who may look at the host's memory.
struct Placement {
    c10::Device device;
    // Parameters, gradients and batches are used where the host has them, by kernels written for it.
    bool on_host;
    c10::ScalarType precision; // of matrix products and what lies between them
    Lanes *lanes;              // null where on_host

    bool is_reduced() const { return precision != c10::kFloat; }
};

// A flat buffer of the host and, where it is not used in place, the device's copy of it.
class FlatBuffer {
public:
    FlatBuffer(const Placement &placement, int64_t length, int64_t parameter_count);

    // Makes the host memory the buffer's; true where views must be taken anew. Views stay valid as long as
    // the memory does not change.
    bool attach(float *host);

    // A view in float32.
    at::Tensor view(int64_t offset, at::IntArrayRef shape) const { return part(local_, offset, shape); }

    // A view in the precision that layers compute with; the same one where that is float32. It follows the
    // host with upload() alone.
    at::Tensor operand(int64_t offset, at::IntArrayRef shape) const;

    // The host's numbers have changed. They may change again when it returns.
    void upload();

    // Brings the numbers to the host, parameters times `factor`; settle() waits for them.
    void download(double factor);
    void settle(const float *host);

private:
    static at::Tensor part(const at::Tensor &whole, int64_t offset, at::IntArrayRef shape);

    Placement placement_;
    int64_t length_, parameter_count_;
    float *attached_ = nullptr;
    at::Tensor local_;   // float32; a view of the host's memory where that is used in place
    at::Tensor reduced_; // the parameters in a smaller precision, where layers compute with one
    std::unique_ptr<Upload> up_;
    std::unique_ptr<Download> down_;
};

} // namespace disttrain
