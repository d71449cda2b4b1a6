#include "autocast.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace disttrain {

namespace {

// One call for all devices since 2.4; one for each before.
void enable(c10::Device device, bool on) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    at::autocast::set_autocast_enabled(device.type(), on);
#else
    if (device.is_cpu()) {
        at::autocast::set_cpu_enabled(on);
    } else {
        at::autocast::set_enabled(on);
    }
#endif
}

void choose(c10::Device device, c10::ScalarType precision) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    at::autocast::set_autocast_dtype(device.type(), precision);
#else
    if (device.is_cpu()) {
        at::autocast::set_autocast_cpu_dtype(precision);
    } else {
        at::autocast::set_autocast_gpu_dtype(precision);
    }
#endif
}

} // namespace

Autocast::Autocast(c10::Device device, c10::ScalarType precision)
    : device_(device), on_(precision != c10::kFloat) {
    if (on_) {
        // The cache of cast weights is one for the process; casting them anew keeps replicas apart.
        at::autocast::set_autocast_cache_enabled(false);
        choose(device, precision);
        enable(device, true);
    }
}

Autocast::~Autocast() {
    if (on_) {
        enable(device_, false);
    }
}

} // namespace disttrain
