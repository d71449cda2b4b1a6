#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include <stdexcept>
#include <vector>

#include "layers/layer.h"
#include "replica.h"
#include "threads.h"

namespace disttrain {

Replica::Replica(const dt_replica_options &options, const char *device)
    : options_(options), device_(open_device(device)), on_host_(device_.is_cpu() && options.as_device == 0),
      parameters_(device_, on_host_, options.total_count),
      gradients_(device_, on_host_, options.total_count) {
    bound_threads(options.threads);
    parameters_.attach(options.parameters);
    parameters_.upload();
}

void Replica::refresh() { parameters_.upload(); }

at::Tensor Replica::inputs(const dt_batch &batch) const {
    if (batch.count < 1 || batch.inputs == nullptr) {
        throw std::runtime_error("a batch needs at least one sample");
    }
    std::vector<int64_t> shape{batch.count};
    shape.insert(shape.end(), options_.dimensions, options_.dimensions + options_.rank);
    const at::Tensor host = at::from_blob(const_cast<float *>(batch.inputs), shape, at::kFloat);
    return on_host_ ? host : host.to(device_, /*non_blocking=*/false, /*copy=*/true);
}

dt_result Replica::judge_outputs(const at::Tensor &outputs, const dt_batch &batch, at::Tensor *gradient) {
    const at::Tensor host = outputs.cpu().contiguous();
    const Loss loss{static_cast<dt_loss_kind>(options_.loss), options_.label_smoothing};
    if (gradient == nullptr) {
        return judge(loss, host.data_ptr<float>(), options_.outputs, batch, nullptr);
    }
    if (!output_gradient_.defined() || output_gradient_.size(0) != batch.count) {
        output_gradient_ = at::empty({batch.count, options_.outputs}, at::kFloat);
    }
    const dt_result result =
        judge(loss, host.data_ptr<float>(), options_.outputs, batch, output_gradient_.data_ptr<float>());
    *gradient = device_.is_cpu() ? output_gradient_ : output_gradient_.to(device_);
    return result;
}

namespace {

class LayeredReplica final : public Replica {
public:
    LayeredReplica(const dt_layer *layers, int32_t count, const dt_replica_options &options,
                   const char *device)
        : Replica(options, device), model_(layers, count) {
        model_.bind_parameters(parameters_);
    }

    dt_result gradient(const dt_batch &batch, uint64_t seed, float *gradient) override {
        const c10::InferenceMode guard;
        if (gradients_.attach(gradient)) {
            model_.bind_gradients(gradients_);
        }
        const at::Tensor outputs = model_.forward(inputs(batch), Pass{true, seed, on_host_});
        at::Tensor output_gradient;
        const dt_result result = judge_outputs(outputs, batch, &output_gradient);
        model_.backward(output_gradient, false);
        gradients_.download();
        return result;
    }

    dt_result evaluate(const dt_batch &batch) override {
        const c10::InferenceMode guard;
        const at::Tensor outputs = model_.forward(inputs(batch), Pass{false, 0, on_host_});
        return judge_outputs(outputs, batch, nullptr);
    }

    void refresh() override {
        const c10::InferenceMode guard;
        Replica::refresh();
    }

private:
    Sequence model_;
};

} // namespace

std::unique_ptr<Replica> make_layered_replica(const dt_layer *layers, int32_t count,
                                              const dt_replica_options &options, const char *device) {
    const c10::InferenceMode guard;
    return std::make_unique<LayeredReplica>(layers, count, options, device);
}

} // namespace disttrain
