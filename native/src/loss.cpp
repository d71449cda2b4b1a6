#include "loss.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace disttrain {

namespace {

int64_t checked_label(const dt_batch &batch, int64_t sample, int64_t classes) {
    const int64_t label = batch.labels[sample];
    if (label < 0 || label >= classes) {
        throw std::runtime_error("sample " + std::to_string(sample) + " of the batch has label " +
                                 std::to_string(label) + ", the model has classes 0 to " +
                                 std::to_string(classes - 1));
    }
    return label;
}

// The first of equals, and a NaN where there is one, as PyTorch's argmax.
int64_t largest(const float *row, int64_t width) {
    int64_t best = 0;
    for (int64_t i = 1; i < width && !std::isnan(row[best]); ++i) {
        if (row[i] > row[best] || std::isnan(row[i])) {
            best = i;
        }
    }
    return best;
}

// loss = −Σ q·log p with q = (1 − ε)·onehot + ε/K (Szegedy et al. 2016, section 7); gradient p − q.
double cross_entropy(const float *row, int64_t classes, int64_t label, double smoothing, float *gradient) {
    const float top = row[largest(row, classes)];
    double mass = 0;
    double shifted_sum = 0;
    for (int64_t i = 0; i < classes; ++i) {
        const float shifted = row[i] - top;
        mass += std::exp(shifted);
        shifted_sum += shifted;
    }
    const double log_mass = std::log(mass);
    if (gradient != nullptr) {
        const double spread = smoothing / static_cast<double>(classes);
        for (int64_t i = 0; i < classes; ++i) {
            const double target = (i == label ? 1 - smoothing : 0) + spread;
            gradient[i] = static_cast<float>(std::exp(row[i] - top) / mass - target);
        }
    }
    const double of_label = log_mass - static_cast<double>(row[label] - top);
    return smoothing == 0 ? of_label
                          : (1 - smoothing) * of_label +
                                smoothing * (log_mass - shifted_sum / static_cast<double>(classes));
}

// The mean over the outputs of one sample.
double squared_error(const float *row, int64_t width, const float *targets, int64_t label, float *gradient) {
    const double scale = 1.0 / static_cast<double>(width);
    double sum = 0;
    for (int64_t i = 0; i < width; ++i) {
        const double target = targets != nullptr ? targets[i] : (i == label ? 1.0 : 0.0);
        const double difference = row[i] - target;
        sum += difference * difference;
        if (gradient != nullptr) {
            gradient[i] = static_cast<float>(2 * difference * scale);
        }
    }
    return sum * scale;
}

} // namespace

dt_result judge(const Loss &loss, const float *outputs, int64_t width, const dt_batch &batch,
                float *gradient) {
    if (batch.labels == nullptr && (batch.targets == nullptr || loss.kind == DT_CROSS_ENTROPY)) {
        throw std::runtime_error("cross-entropy needs class labels, this batch has none");
    }
    dt_result result{0, 0};
    for (int64_t i = 0; i < batch.count; ++i) {
        const float *row = outputs + i * width;
        float *row_gradient = gradient == nullptr ? nullptr : gradient + i * width;
        const int64_t label = batch.labels == nullptr ? -1 : checked_label(batch, i, width);
        const float *targets = batch.targets == nullptr ? nullptr : batch.targets + i * width;
        result.loss_sum += loss.kind == DT_CROSS_ENTROPY
                               ? cross_entropy(row, width, label, loss.label_smoothing, row_gradient)
                               : squared_error(row, width, targets, label, row_gradient);
        result.correct += label >= 0 && largest(row, width) == label ? 1 : 0;
    }
    return result;
}

} // namespace disttrain
