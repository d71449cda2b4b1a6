#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "device.h"
#include "disttrain.h"
#include "loss.h"

namespace disttrain {

// One worker's copy of a model, used by one thread.
class Replica {
public:
    Replica(const dt_replica_options &options, const char *device);
    virtual ~Replica() = default;

    virtual dt_result gradient(const dt_batch &batch, uint64_t seed, float *gradient) = 0;
    virtual dt_result evaluate(const dt_batch &batch) = 0;
    virtual void refresh();

protected:
    // The batch's inputs on the device, [n, dimensions…]; a view of the caller's memory where that is shared.
    at::Tensor inputs(const dt_batch &batch) const;

    // Judges outputs[n, outputs]; `gradient`, where asked for, receives a tensor on the device.
    dt_result judge_outputs(const at::Tensor &outputs, const dt_batch &batch, at::Tensor *gradient);

    dt_replica_options options_;
    c10::Device device_;
    // Parameters, gradients and batches are used where the host has them, by kernels written for it.
    bool on_host_;
    FlatBuffer parameters_;
    FlatBuffer gradients_;

private:
    at::Tensor output_gradient_;
};

std::unique_ptr<Replica> make_layered_replica(const dt_layer *layers, int32_t count,
                                              const dt_replica_options &options, const char *device);

} // namespace disttrain
