// Layers with an explicit backward pass. There is no autograd here: a layer keeps what its own backward
// needs, in buffers that live as long as the replica, and writes parameter gradients straight into the flat
// gradient.
//
// Who may overwrite what:
//  - forward never writes into its input, except an activation told to work in place by the sequence;
//  - backward may overwrite the gradient it is given, unless leaves_gradient();
//  - what a layer returns is valid until its next call.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "disttrain.h"
#include "flat_buffer.h"

namespace disttrain {

// One pass over one micro-batch.
struct Pass {
    bool training;
    uint64_t seed;
    bool on_host; // kernels written for the host may be used; else libtorch's own, which every device has
};

class Layer {
public:
    virtual ~Layer() = default;

    virtual at::Tensor forward(const at::Tensor &input, const Pass &pass) = 0;

    // The gradient with respect to the last input; undefined where it is not asked for.
    virtual at::Tensor backward(const at::Tensor &gradient, bool wants_input_gradient) = 0;

    virtual void bind_parameters(const FlatBuffer &) {}
    virtual void bind_gradients(const FlatBuffer &) {}
    virtual bool has_parameters() const { return false; }

    // The output is memory of the layer's own that its backward does not read.
    virtual bool output_is_free() const { return false; }

    // backward does not write into its argument, nor returns a view of it.
    virtual bool leaves_gradient() const { return false; }

    // Told by the sequence where the input may be overwritten.
    virtual void allow_in_place() {}
};

// A tensor that is kept from step to step and grows to the largest batch seen.
class Scratch {
public:
    at::Tensor &sized(at::IntArrayRef sizes, const at::TensorOptions &options);
    at::Tensor &like(const at::Tensor &other) { return sized(other.sizes(), other.options()); }

private:
    at::Tensor tensor_;
};

// Layers one after the other.
class Sequence {
public:
    // Builds `count` descriptors, nested ones counted in.
    Sequence(const dt_layer *layers, int32_t count);

    at::Tensor forward(at::Tensor x, const Pass &pass);
    at::Tensor backward(at::Tensor gradient, bool wants_input_gradient);
    void bind_parameters(const FlatBuffer &buffer);
    void bind_gradients(const FlatBuffer &buffer);
    bool has_parameters() const { return first_trained_ < layers_.size(); }
    bool empty() const { return layers_.empty(); }
    const Layer &last() const { return *layers_.back(); }

private:
    std::vector<std::unique_ptr<Layer>> layers_;
    size_t first_trained_ = 0;
};

std::unique_ptr<Layer> make_linear(const dt_layer &spec);
std::unique_ptr<Layer> make_convolution(const dt_layer &spec);
std::unique_ptr<Layer> make_batch_norm(const dt_layer &spec);
std::unique_ptr<Layer> make_relu();
std::unique_ptr<Layer> make_tanh();
std::unique_ptr<Layer> make_gelu();
std::unique_ptr<Layer> make_dropout(const dt_layer &spec, uint64_t position);
std::unique_ptr<Layer> make_max_pool(const dt_layer &spec);
std::unique_ptr<Layer> make_average_pool(const dt_layer &spec);
std::unique_ptr<Layer> make_global_average_pool();
std::unique_ptr<Layer> make_flatten();
std::unique_ptr<Layer> make_residual(const dt_layer &spec, Sequence body, Sequence shortcut);

} // namespace disttrain
