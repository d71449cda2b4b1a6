#include "device.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <cstdlib>
#include <mutex>

#include "error.h"

namespace disttrain {

namespace {

void require_determinism() {
    static std::once_flag once;
    std::call_once(once, [] {
        // cuBLAS is deterministic only with one of these two workspaces, read when its first handle is made.
        const char *workspace = std::getenv("CUBLAS_WORKSPACE_CONFIG");
        if (workspace == nullptr ||
            (workspace != std::string(":4096:8") && workspace != std::string(":16:8"))) {
            setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 1);
        }
        auto &context = at::globalContext();
        context.setDeterministicCuDNN(true);
        context.setBenchmarkCuDNN(false);
        // Warn only: the pooling kernels are flagged although they sum without atomics in this layout.
        context.setDeterministicAlgorithms(true, /*warn_only=*/true);
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 2)
        // It would fill every new block with NaN; nothing here reads what it has not written.
        context.setDeterministicFillUninitializedMemory(false);
#endif
        context.setAllowTF32CuBLAS(false);
        context.setAllowTF32CuDNN(false);
    });
}

} // namespace

c10::Device open_device(const std::string &name) {
    if (name == "cpu") {
        return c10::Device(c10::kCPU);
    }
    const bool numbered = name.size() > 5 && name.size() <= 8 && name.compare(0, 5, "cuda:") == 0 &&
                          name.find_first_not_of("0123456789", 5) == std::string::npos;
    if (!numbered) {
        throw UserFault("device \"" + name + "\" is not known; use \"cpu\" or \"cuda:N\"");
    }
    if (!torch::cuda::is_available()) {
        throw UserFault("device \"" + name +
                        "\": this libtorch has no CUDA, or no GPU is present; use \"cpu\", or "
                        "build with LIBTORCH=/path of a CUDA libtorch");
    }
    const int index = std::stoi(name.substr(5));
    const auto count = static_cast<int>(torch::cuda::device_count());
    if (index >= count) {
        throw UserFault("device \"" + name + "\": this machine has " + std::to_string(count) +
                        " GPU(s), cuda:0 to cuda:" + std::to_string(count - 1));
    }
    require_determinism();
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

FlatBuffer::FlatBuffer(c10::Device device, bool shared, int64_t length) : shared_(shared), length_(length) {
    if (!shared) {
        local_ = at::zeros({length}, at::TensorOptions().dtype(at::kFloat).device(device));
    }
}

bool FlatBuffer::attach(float *host) {
    if (host == attached_) {
        return false;
    }
    const bool first = attached_ == nullptr;
    attached_ = host;
    host_ = at::from_blob(host, {length_}, at::kFloat);
    if (shared_) {
        local_ = host_;
        return true;
    }
    return first;
}

at::Tensor FlatBuffer::view(int64_t offset, at::IntArrayRef shape) const {
    int64_t length = 1;
    for (const int64_t size : shape) {
        length *= size;
    }
    return local_.narrow(0, offset, length).view(shape);
}

void FlatBuffer::upload() {
    if (!shared_) {
        local_.copy_(host_);
    }
}

void FlatBuffer::download() {
    if (!shared_) {
        host_.copy_(local_);
    }
}

} // namespace disttrain
