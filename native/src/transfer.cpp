#include "transfer.h"

#include <ATen/Functions.h>

#include <cstring>

namespace disttrain {

at::Tensor Upload::send(const float *host, int64_t length) {
    Slot &slot = slots_[next_];
    next_ = (next_ + 1) % slots_.size();
    lanes_.finish(Lane::Upload, slot.sent.get());
    if (!slot.pinned.defined() || slot.pinned.numel() < length) {
        // Operators that were called earlier may still read the old tensor: libtorch frees its memory for
        // them alone.
        slot.pinned = lanes_.pinned(length);
        slot.device = at::empty({length}, at::TensorOptions().dtype(at::kFloat).device(device_));
        free_ = lanes_.mark(Lane::Compute);
    }
    std::memcpy(slot.pinned.data_ptr<float>(), host, static_cast<size_t>(length) * sizeof(float));
    // The last readers of this slot were called before the send() that lies between.
    lanes_.follow(Lane::Upload, free_.get());
    free_ = lanes_.mark(Lane::Compute);
    const at::Tensor target = slot.device.narrow(0, 0, length);
    lanes_.copy(Lane::Upload, target, slot.pinned.narrow(0, 0, length));
    slot.sent = lanes_.mark(Lane::Upload);
    lanes_.follow(Lane::Compute, slot.sent.get());
    return target;
}

void Download::send(const at::Tensor &tensor, int64_t parameter_count, double factor, float *host) {
    // Then `outgoing_` and `pinned_` are free.
    settle(host_);
    if (!outgoing_.defined()) {
        outgoing_ = at::empty_like(tensor);
        pinned_ = lanes_.pinned(tensor.numel());
    }
    outgoing_.copy_(tensor);
    if (factor != 1) {
        outgoing_.narrow(0, 0, parameter_count).mul_(factor);
    }
    const auto computed = lanes_.mark(Lane::Compute);
    lanes_.follow(Lane::Download, computed.get());
    lanes_.copy(Lane::Download, pinned_, outgoing_);
    sent_ = lanes_.mark(Lane::Download);
    host_ = host;
}

void Download::settle(const float *host) {
    if (host == nullptr || host != host_) {
        return;
    }
    lanes_.finish(Lane::Download, sent_.get());
    std::memcpy(host_, pinned_.data_ptr<float>(), static_cast<size_t>(pinned_.numel()) * sizeof(float));
    host_ = nullptr;
}

} // namespace disttrain
