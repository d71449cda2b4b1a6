#include <ATen/Functions.h>

#include <array>

#include "layers/layer.h"

namespace disttrain {

namespace {

class Convolution final : public Layer {
public:
    explicit Convolution(const dt_layer &spec)
        : spec_(spec), weight_shape_{spec.out, spec.in, spec.kernel, spec.kernel},
          kernel_{spec.kernel, spec.kernel}, stride_{spec.stride, spec.stride}, padding_{spec.padding,
                                                                                         spec.padding} {}

    void bind_parameters(const FlatBuffer &buffer) override {
        weight_ = buffer.operand(spec_.weight, weight_shape_);
        if (spec_.bias >= 0) {
            bias_ = buffer.operand(spec_.bias, {spec_.out});
        }
    }

    void bind_gradients(const FlatBuffer &buffer) override {
        weight_gradient_ = buffer.view(spec_.weight, weight_shape_);
        if (spec_.bias >= 0) {
            bias_gradient_ = buffer.view(spec_.bias, {spec_.out});
        }
    }

    at::Tensor forward(const at::Tensor &input, const Pass &pass) override {
        input_ = input;
        // An undefined bias is none.
        if (pass.on_host && spec_.in == 1) {
            // With a single input channel oneDNN has nothing to block over; columns and a matrix product are
            // several times as fast.
            at::Tensor &output = output_.sized(output_shape(input), input.options());
            at::_slow_conv2d_forward_out(output, input, weight_, kernel_, bias_, stride_, padding_);
            return output;
        }
        return at::convolution(input, weight_, bias_, stride_, padding_, kOnes, false, kZeros, 1);
    }

    at::Tensor backward(const at::Tensor &gradient, bool wants_input_gradient) override {
        const std::array<bool, 3> wanted{wants_input_gradient, true, bias_.defined()};
        const int64_t bias_size = spec_.out;
        at::Tensor input_gradient, weight_gradient, bias_gradient;
        std::tie(input_gradient, weight_gradient, bias_gradient) =
            at::convolution_backward(gradient, input_, weight_, at::IntArrayRef(&bias_size, 1), stride_,
                                     padding_, kOnes, false, kZeros, 1, wanted);
        weight_gradient_.copy_(weight_gradient);
        if (bias_.defined()) {
            bias_gradient_.copy_(bias_gradient);
        }
        return input_gradient;
    }

    bool has_parameters() const override { return true; }
    bool output_is_free() const override { return true; }
    bool leaves_gradient() const override { return true; }

private:
    static constexpr std::array<int64_t, 2> kOnes{1, 1};
    static constexpr std::array<int64_t, 2> kZeros{0, 0};

    std::array<int64_t, 4> output_shape(const at::Tensor &input) const {
        const auto slide = [&](int64_t size) {
            return (size + 2 * spec_.padding - spec_.kernel) / spec_.stride + 1;
        };
        return {input.size(0), spec_.out, slide(input.size(2)), slide(input.size(3))};
    }

    dt_layer spec_;
    std::array<int64_t, 4> weight_shape_;
    std::array<int64_t, 2> kernel_, stride_, padding_;
    at::Tensor weight_, bias_, weight_gradient_, bias_gradient_, input_;
    Scratch output_;
};

} // namespace

std::unique_ptr<Layer> make_convolution(const dt_layer &spec) { return std::make_unique<Convolution>(spec); }

} // namespace disttrain
