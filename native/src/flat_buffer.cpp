#include "flat_buffer.h"

#include <ATen/Functions.h>

namespace disttrain {

FlatBuffer::FlatBuffer(const Placement &placement, int64_t length, int64_t parameter_count)
    : placement_(placement), length_(length), parameter_count_(parameter_count) {
    if (!placement.on_host) {
        local_ = at::zeros({length}, at::TensorOptions().dtype(at::kFloat).device(placement.device));
        up_ = std::make_unique<Upload>(*placement.lanes, placement.device);
        down_ = std::make_unique<Download>(*placement.lanes);
    }
}

bool FlatBuffer::attach(float *host) {
    if (host == attached_) {
        return false;
    }
    const bool first = attached_ == nullptr;
    attached_ = host;
    if (placement_.on_host) {
        local_ = at::from_blob(host, {length_}, at::kFloat);
        return true;
    }
    return first;
}

at::Tensor FlatBuffer::operand(int64_t offset, at::IntArrayRef shape) const {
    return part(placement_.is_reduced() ? reduced_ : local_, offset, shape);
}

void FlatBuffer::upload() {
    if (!placement_.on_host) {
        local_.copy_(up_->send(attached_, length_));
    }
    if (!placement_.is_reduced()) {
        return;
    }
    const at::Tensor parameters = local_.narrow(0, 0, parameter_count_);
    if (reduced_.defined()) {
        reduced_.copy_(parameters);
    } else {
        reduced_ = parameters.to(placement_.precision);
    }
}

void FlatBuffer::download(double factor) {
    if (!placement_.on_host) {
        down_->send(local_, parameter_count_, factor, attached_);
    } else if (factor != 1) {
        local_.narrow(0, 0, parameter_count_).mul_(factor);
    }
}

void FlatBuffer::settle(const float *host) {
    if (down_ != nullptr) {
        down_->settle(host);
    }
}

at::Tensor FlatBuffer::part(const at::Tensor &whole, int64_t offset, at::IntArrayRef shape) {
    int64_t length = 1;
    for (const int64_t size : shape) {
        length *= size;
    }
    return whole.narrow(0, offset, length).view(shape);
}

} // namespace disttrain
