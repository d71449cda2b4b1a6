#include "device.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>

#include "error.h"

namespace disttrain {

namespace {

// cuBLAS is deterministic only with one of two workspaces, read when its first handle is made.
void choose_workspace() {
    static std::once_flag once;
    std::call_once(once, [] {
        const char *workspace = std::getenv("CUBLAS_WORKSPACE_CONFIG");
        if (workspace == nullptr ||
            (workspace != std::string(":4096:8") && workspace != std::string(":16:8"))) {
            setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 1);
        }
    });
}

// CUDA's own reason, such as a driver that is too old: asked whether it is available, libtorch keeps it back.
std::string why_no_gpu() {
    try {
        at::empty({0}, at::TensorOptions().device(c10::kCUDA));
    } catch (const std::exception &exception) {
        return first_line(exception);
    }
    return "libtorch finds no GPU";
}

std::mutex mode_mutex;
int mode_holders = 0;
bool mode_deterministic = true;
bool mode_tf32 = false;

void apply(bool deterministic, bool tf32) {
    auto &context = at::globalContext();
    context.setDeterministicCuDNN(deterministic);
    context.setBenchmarkCuDNN(!deterministic);
    // Warn only: the pooling kernels are flagged although they sum without atomics in this layout.
    context.setDeterministicAlgorithms(deterministic, /*warn_only=*/true);
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 2)
    // It would fill every new block with NaN; nothing here reads what it has not written.
    context.setDeterministicFillUninitializedMemory(false);
#endif
    context.setAllowTF32CuBLAS(tf32);
    context.setAllowTF32CuDNN(tf32);
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
    choose_workspace();
    if (cuda_of_libtorch() == 0) {
        throw UserFault("device \"" + name +
                        "\": this libtorch has no CUDA; use \"cpu\", or build with LIBTORCH=/path of a CUDA "
                        "libtorch");
    }
    if (!torch::cuda::is_available()) {
        throw UserFault("device \"" + name + "\": " + why_no_gpu() + "; use \"cpu\"");
    }
    const int index = std::stoi(name.substr(5));
    const auto count = static_cast<int>(torch::cuda::device_count());
    if (index >= count) {
        throw UserFault("device \"" + name + "\": this machine has " + std::to_string(count) +
                        " GPU(s), cuda:0 to cuda:" + std::to_string(count - 1));
    }
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

void require_answer(c10::Device device) {
    const at::Tensor one = at::ones({1}, at::TensorOptions().device(device).dtype(at::kFloat));
    const float sum = (one + one).cpu().item<float>();
    if (sum != 2.0F) {
        throw std::runtime_error("one and one are " + std::to_string(sum) + " on this device");
    }
}

DeviceMode::DeviceMode(c10::Device device, bool deterministic, bool tf32) : holds_(device.is_cuda()) {
    if (!holds_) {
        return;
    }
    const std::lock_guard<std::mutex> lock(mode_mutex);
    if (mode_holders > 0 && (mode_deterministic != deterministic || mode_tf32 != tf32)) {
        throw UserFault("jobs that differ in tf32 or in \"deterministic\" cannot share a process's GPUs; "
                        "run one after the other, or each in a process of its own");
    }
    apply(deterministic, tf32);
    mode_deterministic = deterministic;
    mode_tf32 = tf32;
    ++mode_holders;
}

DeviceMode::~DeviceMode() {
    if (holds_) {
        const std::lock_guard<std::mutex> lock(mode_mutex);
        --mode_holders;
    }
}

int32_t cuda_of_libtorch() noexcept {
    try {
        // A libtorch without CUDA has no such version and throws.
        return static_cast<int32_t>(at::detail::getCUDAHooks().versionCUDART());
    } catch (...) {
        return 0;
    }
}

} // namespace disttrain
