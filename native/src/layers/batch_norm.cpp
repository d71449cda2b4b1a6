#include <ATen/Functions.h>

#include <array>
#include <stdexcept>

#include "layers/layer.h"

namespace disttrain {

namespace {

// Ghost batch norm (Hoffer et al. 2017): training normalises by the statistics of this micro-batch alone. The
// shared running statistics are read, never written: their change times the sample count goes to the
// gradient's tail.
class BatchNorm final : public Layer {
public:
    explicit BatchNorm(const dt_layer &spec) : spec_(spec) {}

    void bind_parameters(const FlatBuffer &buffer) override { parameters_ = views(buffer); }
    void bind_gradients(const FlatBuffer &buffer) override { gradients_ = views(buffer); }

    at::Tensor forward(const at::Tensor &input, const Pass &pass) override {
        if (!pass.training) {
            return std::get<0>(at::native_batch_norm(input, parameters_.scale, parameters_.shift,
                                                     parameters_.mean, parameters_.variance, false,
                                                     spec_.momentum, spec_.epsilon));
        }
        if (input.numel() == input.size(1)) {
            throw std::runtime_error(
                "batch norm needs more than one value per channel; a shard of one sample with "
                "1×1 images has none to spare");
        }
        input_ = input;
        at::Tensor &mean = mean_.like(parameters_.mean).copy_(parameters_.mean);
        at::Tensor &variance = variance_.like(parameters_.variance).copy_(parameters_.variance);
        at::Tensor output;
        std::tie(output, batch_mean_, batch_deviation_) = at::native_batch_norm(
            input, parameters_.scale, parameters_.shift, mean, variance, true, spec_.momentum, spec_.epsilon);
        write_tail(gradients_.mean, mean, parameters_.mean, input.size(0));
        write_tail(gradients_.variance, variance, parameters_.variance, input.size(0));
        return output;
    }

    at::Tensor backward(const at::Tensor &gradient, bool wants_input_gradient) override {
        at::Tensor input_gradient, scale, shift;
        std::tie(input_gradient, scale, shift) = at::native_batch_norm_backward(
            gradient, input_, parameters_.scale, parameters_.mean, parameters_.variance, batch_mean_,
            batch_deviation_, true, spec_.epsilon, std::array<bool, 3>{wants_input_gradient, true, true});
        gradients_.scale.copy_(scale);
        gradients_.shift.copy_(shift);
        return input_gradient;
    }

    bool has_parameters() const override { return true; }
    bool output_is_free() const override { return true; }
    bool leaves_gradient() const override { return true; }

private:
    struct Views {
        at::Tensor scale, shift, mean, variance;
    };

    Views views(const FlatBuffer &buffer) const {
        return {buffer.view(spec_.weight, {spec_.in}), buffer.view(spec_.bias, {spec_.in}),
                buffer.view(spec_.mean, {spec_.in}), buffer.view(spec_.variance, {spec_.in})};
    }

    static void write_tail(at::Tensor &tail, const at::Tensor &now, const at::Tensor &before,
                           int64_t samples) {
        at::sub_out(tail, now, before);
        tail.mul_(samples);
    }

    dt_layer spec_;
    Views parameters_, gradients_;
    at::Tensor input_, batch_mean_, batch_deviation_;
    Scratch mean_, variance_;
};

} // namespace

std::unique_ptr<Layer> make_batch_norm(const dt_layer &spec) { return std::make_unique<BatchNorm>(spec); }

} // namespace disttrain
