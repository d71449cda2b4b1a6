#include <ATen/Context.h>
#include <torch/csrc/autograd/autograd.h>

#include <mutex>
#include <stdexcept>

#include "autocast.h"
#include "error.h"
#include "script.h"
#include "threads.h"

namespace disttrain {

namespace {

// Scripts draw on libtorch's default generator, which is one for the process. A script that does so seeds it
// and runs forward under this lock, so that its bits depend on the seed alone and not on other replicas.
std::mutex generator_mutex;

class ScriptReplica final : public Replica {
public:
    ScriptReplica(const Script &script, const dt_replica_options &options, const char *device)
        : Replica(options, device), module_(script.copy()), random_(script.is_random()) {
        module_.to(device_);
        tensors_ = tensors_of(module_);
        if (tensors_.parameter_count != options.parameter_count ||
            tensors_.total_count != options.total_count) {
            throw std::runtime_error("the parameter buffer does not have the script's length");
        }
        bind();
    }

    dt_result gradient(const dt_batch &batch, uint64_t seed, double loss_factor, float *gradient) override {
        gradients_.attach(gradient);
        module_.train();
        const std::vector<at::Tensor> counters = copies(tensors_.counters);
        load_buffers();
        const at::Tensor outputs = forward(batch, seed);
        at::Tensor output_gradient;
        const dt_result result = judge_outputs(outputs.detach(), batch, loss_factor, &output_gradient);
        const auto gradients =
            torch::autograd::grad({outputs}, trained_, {output_gradient}, /*retain_graph=*/false,
                                  /*create_graph=*/false, /*allow_unused=*/true);
        const at::NoGradGuard guard;
        write_gradients(gradients);
        write_tail(batch.count);
        for (size_t i = 0; i < counters.size(); ++i) {
            tensors_.counters[i].copy_(counters[i]);
        }
        gradients_.download(1 / loss_factor);
        return result;
    }

    dt_result evaluate(const dt_batch &batch) override {
        const at::NoGradGuard guard;
        module_.eval();
        load_buffers();
        return judge_outputs(forward(batch, 0), batch, 1, nullptr);
    }

private:
    // Parameters become views of the flat buffer. Buffers stay the module's own, for training writes into
    // them.
    void bind() {
        const at::NoGradGuard guard;
        for (size_t i = 0; i < tensors_.slots.size(); ++i) {
            if (!tensors_.slots[i].is_buffer) {
                tensors_.tensors[i].set_data(shared(i));
                trained_.push_back(tensors_.tensors[i]);
            }
        }
    }

    at::Tensor shared(size_t slot) const {
        return parameters_.view(tensors_.slots[slot].offset, tensors_.slots[slot].shape);
    }

    void load_buffers() {
        const at::NoGradGuard guard;
        for (size_t i = trained_.size(); i < tensors_.slots.size(); ++i) {
            tensors_.tensors[i].copy_(shared(i));
        }
    }

    at::Tensor forward(const dt_batch &batch, uint64_t seed) {
        try {
            std::unique_lock<std::mutex> lock(generator_mutex, std::defer_lock);
            if (random_) {
                lock.lock();
                at::manual_seed(seed);
            }
            const at::Tensor values = inputs(batch);
            const Autocast autocast(device_, placement_.precision);
            return run_forward(module_, values, options_.outputs);
        } catch (const UserFault &fault) {
            throw std::runtime_error(fault.what());
        }
    }

    void write_gradients(const std::vector<at::Tensor> &gradients) {
        for (size_t i = 0; i < trained_.size(); ++i) {
            at::Tensor target = gradients_.view(tensors_.slots[i].offset, tensors_.slots[i].shape);
            if (gradients[i].defined()) {
                target.copy_(gradients[i]);
            } else {
                target.zero_();
            }
        }
    }

    void write_tail(int64_t samples) {
        for (size_t i = trained_.size(); i < tensors_.slots.size(); ++i) {
            at::Tensor tail = gradients_.view(tensors_.slots[i].offset, tensors_.slots[i].shape);
            at::sub_out(tail, tensors_.tensors[i], shared(i));
            tail.mul_(samples);
        }
    }

    static std::vector<at::Tensor> copies(const std::vector<at::Tensor> &tensors) {
        std::vector<at::Tensor> result;
        for (const at::Tensor &tensor : tensors) {
            result.push_back(tensor.clone());
        }
        return result;
    }

    torch::jit::Module module_;
    bool random_;
    ScriptTensors tensors_;
    std::vector<at::Tensor> trained_; // slots [0, trained_.size())
};

} // namespace

std::unique_ptr<Replica> make_script_replica(const Script &script, const dt_replica_options &options,
                                             const char *device) {
    return std::make_unique<ScriptReplica>(script, options, device);
}

} // namespace disttrain
