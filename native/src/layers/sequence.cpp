#include <ATen/Functions.h>

#include <stdexcept>

#include "layers/layer.h"

namespace disttrain {

namespace {

std::unique_ptr<Layer> make_layer(const dt_layer *spec) {
    switch (spec->kind) {
    case DT_LINEAR: return make_linear(*spec);
    case DT_CONV2D: return make_convolution(*spec);
    case DT_BATCH_NORM2D: return make_batch_norm(*spec);
    case DT_RELU: return make_relu();
    case DT_TANH: return make_tanh();
    case DT_GELU: return make_gelu();
    // The descriptor's `in` is the dropout layer's number in the model: masks of two layers share no stream.
    case DT_DROPOUT: return make_dropout(*spec, static_cast<uint64_t>(spec->in));
    case DT_MAX_POOL2D: return make_max_pool(*spec);
    case DT_AVG_POOL2D: return make_average_pool(*spec);
    case DT_GLOBAL_AVG_POOL2D: return make_global_average_pool();
    case DT_FLATTEN: return make_flatten();
    case DT_RESIDUAL:
        return make_residual(*spec, Sequence(spec + 1, spec->body),
                             Sequence(spec + 1 + spec->body, spec->shortcut));
    default: throw std::runtime_error("layer kind " + std::to_string(spec->kind) + " is not known");
    }
}

int32_t extent(const dt_layer &spec) { return spec.kind == DT_RESIDUAL ? 1 + spec.body + spec.shortcut : 1; }

} // namespace

at::Tensor &Scratch::sized(at::IntArrayRef sizes, const at::TensorOptions &options) {
    if (!tensor_.defined()) {
        tensor_ = at::empty(sizes, options);
    } else if (tensor_.sizes() != sizes) {
        tensor_.resize_(sizes);
    }
    return tensor_;
}

Sequence::Sequence(const dt_layer *layers, int32_t count) {
    for (int32_t i = 0; i < count; i += extent(layers[i])) {
        // relu and max pooling commute, values and gradients alike (where the maximum is positive it is
        // unique to the same element either way, elsewhere the gradient is zero). Pooled first, relu has a
        // fraction of the work.
        if (layers[i].kind == DT_RELU && i + 1 < count && layers[i + 1].kind == DT_MAX_POOL2D) {
            layers_.push_back(make_layer(&layers[i + 1]));
            layers_.push_back(make_layer(&layers[i]));
            ++i;
        } else {
            layers_.push_back(make_layer(&layers[i]));
        }
    }
    for (size_t i = 1; i < layers_.size(); ++i) {
        if (layers_[i - 1]->output_is_free()) {
            layers_[i]->allow_in_place();
        }
    }
    while (first_trained_ < layers_.size() && !layers_[first_trained_]->has_parameters()) {
        ++first_trained_;
    }
}

at::Tensor Sequence::forward(at::Tensor x, const Pass &pass) {
    for (const auto &layer : layers_) {
        x = layer->forward(x, pass);
    }
    return x;
}

at::Tensor Sequence::backward(at::Tensor gradient, bool wants_input_gradient) {
    for (size_t i = layers_.size(); i-- > 0;) {
        if (!wants_input_gradient && i < first_trained_) {
            return {};
        }
        gradient = layers_[i]->backward(gradient, wants_input_gradient || i > first_trained_);
    }
    return gradient;
}

void Sequence::bind_parameters(const FlatBuffer &buffer) {
    for (const auto &layer : layers_) {
        layer->bind_parameters(buffer);
    }
}

void Sequence::bind_gradients(const FlatBuffer &buffer) {
    for (const auto &layer : layers_) {
        layer->bind_gradients(buffer);
    }
}

} // namespace disttrain
