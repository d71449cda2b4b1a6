#include <ATen/Functions.h>

#include "gemm.h"
#include "layers/layer.h"

namespace disttrain {

namespace {

// y = x·Wᵀ + b. dW = dyᵀ·x and db = Σ dy are written straight into the flat gradient; dx = dy·W.
class Linear final : public Layer {
public:
    explicit Linear(const dt_layer &spec) : spec_(spec) {}

    void bind_parameters(const FlatBuffer &buffer) override {
        weight_ = buffer.operand(spec_.weight, {spec_.out, spec_.in});
        transposed_ = weight_.t();
        if (spec_.bias >= 0) {
            bias_ = buffer.operand(spec_.bias, {spec_.out});
        }
    }

    void bind_gradients(const FlatBuffer &buffer) override {
        weight_gradient_ = buffer.view(spec_.weight, {spec_.out, spec_.in});
        if (spec_.bias >= 0) {
            bias_gradient_ = buffer.view(spec_.bias, {spec_.out});
        }
    }

    at::Tensor forward(const at::Tensor &input, const Pass &pass) override {
        input_ = input;
        on_host_ = pass.on_host;
        at::Tensor &output = output_.sized({input.size(0), spec_.out}, input.options());
        if (bias_.defined()) {
            at::addmm_out(output, bias_, input, transposed_);
        } else {
            at::mm_out(output, input, transposed_);
        }
        return output;
    }

    at::Tensor backward(const at::Tensor &gradient, bool wants_input_gradient) override {
        if (gradient.scalar_type() == at::kFloat) {
            product_tn(weight_gradient_, gradient, input_, on_host_);
        } else {
            weight_gradient_.copy_(at::mm(gradient.t(), input_));
        }
        if (bias_.defined()) {
            at::sum_out(bias_gradient_, gradient, at::IntArrayRef{0}, false, at::kFloat);
        }
        if (!wants_input_gradient) {
            return {};
        }
        at::Tensor &result = input_gradient_.like(input_);
        product_nn(result, gradient, weight_, on_host_);
        return result;
    }

    bool has_parameters() const override { return true; }
    bool output_is_free() const override { return true; }
    bool leaves_gradient() const override { return true; }

private:
    dt_layer spec_;
    bool on_host_ = false;
    at::Tensor weight_, transposed_, bias_, weight_gradient_, bias_gradient_, input_;
    Scratch output_, input_gradient_;
};

} // namespace

std::unique_ptr<Layer> make_linear(const dt_layer &spec) { return std::make_unique<Linear>(spec); }

} // namespace disttrain
