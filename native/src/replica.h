#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "device.h"
#include "disttrain.h"
#include "flat_buffer.h"
#include "loss.h"

namespace disttrain {

// One worker's copy of a model, used by one thread. A gradient is complete after settle().
class Replica {
public:
    Replica(const dt_replica_options &options, const char *device);
    virtual ~Replica() = default;

    virtual dt_result gradient(const dt_batch &batch, uint64_t seed, double loss_factor, float *gradient) = 0;
    virtual dt_result evaluate(const dt_batch &batch) = 0;
    virtual void refresh();
    void settle(const float *gradient);

    // Streams and events are those of the calling thread's current device.
    c10::Device device() const { return device_; }

protected:
    // The batch's inputs on the device, [n, dimensions…]; a view of the caller's memory where that is used
    // in place.
    at::Tensor inputs(const dt_batch &batch);

    // Judges outputs[n, outputs]; `gradient`, where asked for, receives that of the loss times `factor`, on
    // the device. The host waits for the outputs here, and nowhere else in a pass.
    dt_result judge_outputs(const at::Tensor &outputs, const dt_batch &batch, double factor,
                            at::Tensor *gradient);

    dt_replica_options options_;
    c10::Device device_;
    DeviceMode mode_;
    std::unique_ptr<Lanes> lanes_;
    Placement placement_;
    FlatBuffer parameters_;
    FlatBuffer gradients_;

private:
    std::unique_ptr<Upload> batches_;
    at::Tensor output_gradient_;
};

std::unique_ptr<Replica> make_layered_replica(const dt_layer *layers, int32_t count,
                                              const dt_replica_options &options, const char *device);

} // namespace disttrain
