#include "replica.h"

#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include <stdexcept>
#include <vector>

#include "threads.h"

namespace disttrain {

namespace {

c10::ScalarType scalar_of(int32_t precision) {
    switch (precision) {
    case DT_FLOAT32:
    case DT_TF32: return c10::kFloat;
    case DT_BF16: return c10::kBFloat16;
    case DT_FP16: return c10::kHalf;
    default: throw std::runtime_error("precision " + std::to_string(precision) + " is not known");
    }
}

std::unique_ptr<Lanes> lanes_of(c10::Device device, bool as_device) {
    if (!device.is_cpu()) {
        return make_device_lanes(device);
    }
    return as_device ? make_late_lanes() : nullptr;
}

} // namespace

Replica::Replica(const dt_replica_options &options, const char *device)
    : options_(options), device_(open_device(device)),
      mode_(device_, options.deterministic != 0, options.precision == DT_TF32),
      lanes_(lanes_of(device_, options.as_device != 0)),
      placement_{device_, lanes_ == nullptr, scalar_of(options.precision), lanes_.get()},
      parameters_(placement_, options.total_count, options.parameter_count),
      gradients_(placement_, options.total_count, options.parameter_count) {
    bound_threads(options.threads);
    if (lanes_ != nullptr) {
        batches_ = std::make_unique<Upload>(*lanes_, device_);
    }
    parameters_.attach(options.parameters);
    parameters_.upload();
}

void Replica::refresh() { parameters_.upload(); }

void Replica::settle(const float *gradient) {
    // What was made in this mode may be written in it alone; what was not may be as well.
    const c10::InferenceMode guard;
    gradients_.settle(gradient);
}

at::Tensor Replica::inputs(const dt_batch &batch) {
    if (batch.count < 1 || batch.inputs == nullptr) {
        throw std::runtime_error("a batch needs at least one sample");
    }
    std::vector<int64_t> shape{batch.count};
    shape.insert(shape.end(), options_.dimensions, options_.dimensions + options_.rank);
    int64_t length = 1;
    for (const int64_t size : shape) {
        length *= size;
    }
    return batches_ == nullptr ? at::from_blob(const_cast<float *>(batch.inputs), shape, at::kFloat)
                               : batches_->send(batch.inputs, length).view(shape);
}

dt_result Replica::judge_outputs(const at::Tensor &outputs, const dt_batch &batch, double factor,
                                 at::Tensor *gradient) {
    const at::Tensor host = outputs.to(at::kFloat).cpu().contiguous();
    const Loss loss{static_cast<dt_loss_kind>(options_.loss), options_.label_smoothing};
    if (gradient == nullptr) {
        return judge(loss, host.data_ptr<float>(), options_.outputs, batch, nullptr);
    }
    if (!output_gradient_.defined() || output_gradient_.size(0) != batch.count) {
        output_gradient_ = at::empty({batch.count, options_.outputs}, at::kFloat);
    }
    const dt_result result =
        judge(loss, host.data_ptr<float>(), options_.outputs, batch, output_gradient_.data_ptr<float>());
    if (factor != 1) {
        output_gradient_.mul_(factor);
    }
    *gradient = output_gradient_.to(device_);
    return result;
}

} // namespace disttrain
