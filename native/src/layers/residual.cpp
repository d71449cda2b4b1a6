#include <ATen/Functions.h>

#include "layers/layer.h"

namespace disttrain {

namespace {

// y = body(x) + shortcut(x); an empty shortcut is the identity.
class Residual final : public Layer {
public:
    Residual(Sequence body, Sequence shortcut) : body_(std::move(body)), shortcut_(std::move(shortcut)) {}

    void bind_parameters(const FlatBuffer &buffer) override {
        body_.bind_parameters(buffer);
        shortcut_.bind_parameters(buffer);
    }

    void bind_gradients(const FlatBuffer &buffer) override {
        body_.bind_gradients(buffer);
        shortcut_.bind_gradients(buffer);
    }

    at::Tensor forward(const at::Tensor &input, const Pass &pass) override {
        at::Tensor branch = body_.forward(input, pass);
        const at::Tensor straight = shortcut_.empty() ? input : shortcut_.forward(input, pass);
        if (body_.last().output_is_free()) {
            return branch.add_(straight);
        }
        return at::add_out(output_.like(branch), branch, straight);
    }

    at::Tensor backward(const at::Tensor &gradient, bool wants_input_gradient) override {
        at::Tensor branch = body_.backward(unshared(body_, gradient, body_copy_), wants_input_gradient);
        if (shortcut_.empty()) {
            return wants_input_gradient ? branch.add_(gradient) : at::Tensor();
        }
        const at::Tensor straight =
            shortcut_.backward(unshared(shortcut_, gradient, shortcut_copy_), wants_input_gradient);
        return wants_input_gradient ? branch.add_(straight) : at::Tensor();
    }

    bool has_parameters() const override { return body_.has_parameters() || shortcut_.has_parameters(); }
    bool output_is_free() const override { return true; }
    bool leaves_gradient() const override { return true; }

private:
    // Both branches read one gradient: whichever would write into it gets a copy.
    static at::Tensor unshared(const Sequence &branch, const at::Tensor &gradient, Scratch &copy) {
        return branch.last().leaves_gradient() ? gradient : copy.like(gradient).copy_(gradient);
    }

    Sequence body_, shortcut_;
    Scratch output_, body_copy_, shortcut_copy_;
};

} // namespace

std::unique_ptr<Layer> make_residual(const dt_layer &, Sequence body, Sequence shortcut) {
    return std::make_unique<Residual>(std::move(body), std::move(shortcut));
}

} // namespace disttrain
