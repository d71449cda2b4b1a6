#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <string>

namespace disttrain {

// Parses "cpu" or "cuda:N" and makes sure that it is there; UserFault otherwise. On CUDA it also asks
// libtorch for deterministic kernels and full float32 precision, which the bit guarantee rests on.
c10::Device open_device(const std::string &name);

// A flat buffer of the host and, where it is not shared, the computing side's copy of it. Copies are complete
// when upload and download return: they go through pageable memory on the default stream, which all threads
// share.
class FlatBuffer {
public:
    // `host` may change from call to call; views stay valid as long as it does not.
    FlatBuffer(c10::Device device, bool shared, int64_t length);

    // Makes the host memory the buffer's; true where views must be taken anew.
    bool attach(float *host);

    // A view of the computing side's copy.
    at::Tensor view(int64_t offset, at::IntArrayRef shape) const;

    void upload();
    void download();

private:
    bool shared_;
    int64_t length_;
    float *attached_ = nullptr;
    at::Tensor host_;
    at::Tensor local_;
};

} // namespace disttrain
