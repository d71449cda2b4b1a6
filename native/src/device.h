#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <string>

#include "disttrain.h"

namespace disttrain {

// Parses "cpu" or "cuda:N" and makes sure that it is there; UserFault otherwise. Whatever CUDA reads at its
// start has been set by then.
c10::Device open_device(const std::string &name);

// Throws unless one and one are two there.
void require_answer(c10::Device device);

// How this process's GPUs compute, which libtorch keeps once for all of them: held as long as a replica
// lives, and shared by replicas that want the same. On a CPU it holds nothing.
class DeviceMode {
public:
    // UserFault where replicas that want another mode are alive.
    DeviceMode(c10::Device device, bool deterministic, bool tf32);
    ~DeviceMode();
    DeviceMode(const DeviceMode &) = delete;
    DeviceMode &operator=(const DeviceMode &) = delete;

private:
    bool holds_;
};

// 1000 × major + 10 × minor of the CUDA that this libtorch was built with; 0: none.
int32_t cuda_of_libtorch() noexcept;

} // namespace disttrain
