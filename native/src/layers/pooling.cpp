#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <array>

#include "layers/layer.h"
#include "layers/pooling_cpu.h"

namespace disttrain {

namespace {

class Pool : public Layer {
public:
    explicit Pool(const dt_layer &spec)
        : kernel_{spec.kernel, spec.kernel}, stride_{spec.stride, spec.stride}, padding_{spec.padding,
                                                                                         spec.padding} {}

    bool output_is_free() const override { return true; }
    bool leaves_gradient() const override { return true; }

protected:
    std::array<int64_t, 4> output_shape(const at::Tensor &input) const {
        const auto slide = [&](int64_t size) {
            return (size + 2 * padding_[0] - kernel_[0]) / stride_[0] + 1;
        };
        return {input.size(0), input.size(1), slide(input.size(2)), slide(input.size(3))};
    }

    std::array<int64_t, 2> kernel_, stride_, padding_;
    Scratch output_, input_gradient_;
};

class MaxPool final : public Pool {
public:
    using Pool::Pool;

    at::Tensor forward(const at::Tensor &input, const Pass &pass) override {
        input_ = input;
        at::Tensor &output = output_.sized(output_shape(input), input.options());
        on_host_ = pass.on_host && input.is_contiguous() && fits_byte(kernel_[0]);
        at::Tensor &indices =
            (on_host_ ? positions_ : indices_)
                .sized(output.sizes(), input.options().dtype(on_host_ ? at::kByte : at::kLong));
        if (!on_host_) {
            at::max_pool2d_with_indices_out(output, indices, input, kernel_, stride_, padding_);
            return output;
        }
        const PoolShape shape = plane_shape(output);
        const float *from = input.data_ptr<float>();
        float *to = output.data_ptr<float>();
        uint8_t *positions = indices.data_ptr<uint8_t>();
        at::parallel_for(0, planes(), 8, [&](int64_t begin, int64_t end) {
            for (int64_t plane = begin; plane < end; ++plane) {
                const int64_t first = plane * shape.rows * shape.columns;
                max_pool_plane(from + plane * shape.height * shape.width, shape, to + first,
                               positions + first);
            }
        });
        return output;
    }

    at::Tensor backward(const at::Tensor &gradient, bool) override {
        at::Tensor &result = input_gradient_.like(input_);
        if (!on_host_) {
            at::Tensor &indices = indices_.sized(gradient.sizes(), input_.options().dtype(at::kLong));
            at::max_pool2d_with_indices_backward_out(result, gradient, input_, kernel_, stride_, padding_,
                                                     kOnes, false, indices);
            return result;
        }
        const at::Tensor dense = gradient.contiguous();
        const PoolShape shape = plane_shape(dense);
        const float *from = dense.data_ptr<float>();
        const uint8_t *positions =
            positions_.sized(gradient.sizes(), input_.options().dtype(at::kByte)).data_ptr<uint8_t>();
        float *to = result.data_ptr<float>();
        at::parallel_for(0, planes(), 8, [&](int64_t begin, int64_t end) {
            for (int64_t plane = begin; plane < end; ++plane) {
                const int64_t first = plane * shape.rows * shape.columns;
                max_pool_plane_backward(from + first, positions + first, shape,
                                        to + plane * shape.height * shape.width);
            }
        });
        return result;
    }

private:
    static constexpr std::array<int64_t, 2> kOnes{1, 1};

    int64_t planes() const { return input_.size(0) * input_.size(1); }

    PoolShape plane_shape(const at::Tensor &output) const {
        return {input_.size(2), input_.size(3), output.size(2), output.size(3),
                kernel_[0],     stride_[0],     padding_[0]};
    }

    bool on_host_ = false;
    at::Tensor input_;
    Scratch positions_, indices_;
};

// Padding counts as zeros, as nn.AvgPool2d's default.
class AveragePool final : public Pool {
public:
    using Pool::Pool;

    at::Tensor forward(const at::Tensor &input, const Pass &) override {
        input_ = input;
        return at::avg_pool2d_out(output_.sized(output_shape(input), input.options()), input, kernel_,
                                  stride_, padding_);
    }

    at::Tensor backward(const at::Tensor &gradient, bool) override {
        return at::avg_pool2d_backward_out(input_gradient_.like(input_), gradient, input_, kernel_, stride_,
                                           padding_, false, true, {});
    }

private:
    at::Tensor input_;
};

class GlobalAveragePool final : public Layer {
public:
    at::Tensor forward(const at::Tensor &input, const Pass &) override {
        shape_ = input.sizes().vec();
        at::Tensor &output = output_.sized({shape_[0], shape_[1]}, input.options());
        return at::mean_out(output, input, at::IntArrayRef(kSpatial));
    }

    at::Tensor backward(const at::Tensor &gradient, bool) override {
        at::Tensor &result = input_gradient_.sized(shape_, gradient.options());
        const auto area = static_cast<double>(shape_[2] * shape_[3]);
        return at::div_out(result, gradient.view({shape_[0], shape_[1], 1, 1}).expand(shape_),
                           at::scalar_tensor(area, gradient.options()));
    }

    bool output_is_free() const override { return true; }
    bool leaves_gradient() const override { return true; }

private:
    static constexpr std::array<int64_t, 2> kSpatial{2, 3};

    std::vector<int64_t> shape_;
    Scratch output_, input_gradient_;
};

} // namespace

std::unique_ptr<Layer> make_max_pool(const dt_layer &spec) { return std::make_unique<MaxPool>(spec); }
std::unique_ptr<Layer> make_average_pool(const dt_layer &spec) { return std::make_unique<AveragePool>(spec); }
std::unique_ptr<Layer> make_global_average_pool() { return std::make_unique<GlobalAveragePool>(); }

} // namespace disttrain
