// Losses and their gradients, on the host whatever the device: outputs are a few numbers per sample, the loss
// must come to the host anyway, and one plain implementation gives one set of bits.
#pragma once

#include <cstdint>

#include "disttrain.h"

namespace disttrain {

struct Loss {
    dt_loss_kind kind;
    double label_smoothing;
};

// Judges outputs[count, width]. `gradient`, where not null, receives the gradient of the sum of the samples'
// losses with respect to the outputs. Throws std::runtime_error where a label lies outside [0, width).
dt_result judge(const Loss &loss, const float *outputs, int64_t width, const dt_batch &batch,
                float *gradient);

} // namespace disttrain
