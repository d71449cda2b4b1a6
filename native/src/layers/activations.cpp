#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include "keyed_random.h"
#include "layers/layer.h"

namespace disttrain {

namespace {

class Relu final : public Layer {
public:
    at::Tensor forward(const at::Tensor &input, const Pass &) override {
        output_ = input;
        if (in_place_) {
            at::relu_(output_);
        } else {
            at::Tensor &own = scratch_.like(input);
            output_ = at::clamp_min_out(own, input, 0);
        }
        return output_;
    }

    at::Tensor backward(const at::Tensor &gradient, bool) override {
        at::Tensor result = gradient;
        return at::threshold_backward_out(result, gradient, output_, 0);
    }

    void allow_in_place() override { in_place_ = true; }

private:
    bool in_place_ = false;
    at::Tensor output_;
    Scratch scratch_;
};

class Tanh final : public Layer {
public:
    at::Tensor forward(const at::Tensor &input, const Pass &) override {
        at::Tensor own = in_place_ ? input : scratch_.like(input);
        output_ = at::tanh_out(own, input);
        return output_;
    }

    at::Tensor backward(const at::Tensor &gradient, bool) override {
        at::Tensor result = gradient;
        return at::tanh_backward_out(result, gradient, output_);
    }

    void allow_in_place() override { in_place_ = true; }

private:
    bool in_place_ = false;
    at::Tensor output_;
    Scratch scratch_;
};

// The exact form, x·Φ(x) (Hendrycks and Gimpel 2016), as nn.GELU's default.
class Gelu final : public Layer {
public:
    at::Tensor forward(const at::Tensor &input, const Pass &) override {
        input_ = input;
        return at::gelu_out(output_.like(input), input);
    }

    at::Tensor backward(const at::Tensor &gradient, bool) override {
        at::Tensor result = gradient;
        return at::gelu_backward_out(result, gradient, input_);
    }

private:
    at::Tensor input_;
    Scratch output_;
};

class Dropout final : public Layer {
public:
    Dropout(double probability, uint64_t position) : probability_(probability), position_(position) {}

    at::Tensor forward(const at::Tensor &input, const Pass &pass) override {
        active_ = pass.training && probability_ > 0;
        if (!active_) {
            return input;
        }
        at::Tensor &host = host_mask_.sized(input.sizes(), at::TensorOptions().dtype(at::kFloat));
        fill(host.data_ptr<float>(), host.numel(), fold_key(pass.seed, position_));
        mask_ = host.to(input.options());
        return at::mul_out(output_.like(input), input, mask_);
    }

    at::Tensor backward(const at::Tensor &gradient, bool) override {
        if (!active_) {
            return gradient;
        }
        at::Tensor result = gradient;
        return at::mul_out(result, gradient, mask_);
    }

private:
    // Element i is dropped when half word i of the keyed stream falls below p·2³².
    void fill(float *mask, int64_t length, uint64_t key) const {
        const auto threshold = static_cast<uint32_t>(probability_ * 4294967296.0);
        const auto kept = static_cast<float>(1 / (1 - probability_));
        at::parallel_for(0, (length + 1) / 2, 1 << 14, [&](int64_t begin, int64_t end) {
            for (int64_t pair = begin; pair < end; ++pair) {
                const uint64_t word = random_word(key, static_cast<uint64_t>(pair));
                mask[2 * pair] = static_cast<uint32_t>(word) < threshold ? 0.0f : kept;
                if (2 * pair + 1 < length) {
                    mask[2 * pair + 1] = static_cast<uint32_t>(word >> 32) < threshold ? 0.0f : kept;
                }
            }
        });
    }

    double probability_;
    uint64_t position_;
    bool active_ = false;
    at::Tensor mask_;
    Scratch host_mask_, output_;
};

class Flatten final : public Layer {
public:
    at::Tensor forward(const at::Tensor &input, const Pass &) override {
        shape_ = input.sizes().vec();
        return input.reshape({input.size(0), -1});
    }

    at::Tensor backward(const at::Tensor &gradient, bool) override { return gradient.reshape(shape_); }

private:
    std::vector<int64_t> shape_;
};

} // namespace

std::unique_ptr<Layer> make_relu() { return std::make_unique<Relu>(); }
std::unique_ptr<Layer> make_tanh() { return std::make_unique<Tanh>(); }
std::unique_ptr<Layer> make_gelu() { return std::make_unique<Gelu>(); }
std::unique_ptr<Layer> make_flatten() { return std::make_unique<Flatten>(); }

std::unique_ptr<Layer> make_dropout(const dt_layer &spec, uint64_t position) {
    return std::make_unique<Dropout>(spec.probability, position);
}

} // namespace disttrain
