#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include "layers/layer.h"
#include "replica.h"

namespace disttrain {

namespace {

class LayeredReplica final : public Replica {
public:
    LayeredReplica(const dt_layer *layers, int32_t count, const dt_replica_options &options,
                   const char *device)
        : Replica(options, device), model_(layers, count) {
        model_.bind_parameters(parameters_);
    }

    dt_result gradient(const dt_batch &batch, uint64_t seed, double loss_factor, float *gradient) override {
        const c10::InferenceMode guard;
        if (gradients_.attach(gradient)) {
            model_.bind_gradients(gradients_);
        }
        const at::Tensor outputs = model_.forward(operand(batch), pass(true, seed));
        at::Tensor output_gradient;
        const dt_result result = judge_outputs(outputs, batch, loss_factor, &output_gradient);
        model_.backward(output_gradient.to(placement_.precision), false);
        gradients_.download(1 / loss_factor);
        return result;
    }

    dt_result evaluate(const dt_batch &batch) override {
        const c10::InferenceMode guard;
        return judge_outputs(model_.forward(operand(batch), pass(false, 0)), batch, 1, nullptr);
    }

    void refresh() override {
        const c10::InferenceMode guard;
        Replica::refresh();
    }

private:
    // What autocast does operator by operator happens once, here: every layer then computes in the precision
    // of its input, with float32 where that matters (sums, batch norm's statistics, the loss).
    at::Tensor operand(const dt_batch &batch) { return inputs(batch).to(placement_.precision); }

    // The kernels written for the host know float32 alone.
    Pass pass(bool training, uint64_t seed) const {
        return Pass{training, seed, placement_.on_host && !placement_.is_reduced()};
    }

    Sequence model_;
};

} // namespace

std::unique_ptr<Replica> make_layered_replica(const dt_layer *layers, int32_t count,
                                              const dt_replica_options &options, const char *device) {
    const c10::InferenceMode guard;
    return std::make_unique<LayeredReplica>(layers, count, options, device);
}

} // namespace disttrain
