#include "script.h"

#include <torch/csrc/jit/python/update_graph_executor_opt.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <unordered_set>

#include "error.h"
#include "script_check.h"

namespace disttrain {

namespace {

torch::jit::Module load(const std::string &path) {
    if (!std::ifstream(path, std::ios::binary).good()) {
        throw UserFault("TorchScript file " + path + ": it is missing or cannot be read");
    }
    try {
        return torch::jit::load(path, c10::Device(c10::kCPU));
    } catch (const std::exception &exception) {
        throw UserFault("TorchScript file " + path + ": it is damaged or no TorchScript archive (" +
                        first_line(exception) + "); write one with torch.jit.script(model).save(path)");
    }
}

bool is_random_operator(const torch::jit::Node &node) {
    static const std::array<const char *, 13> kParts{
        "dropout", "rand",    "bernoulli",    "multinomial", "poisson", "exponential_",       "geometric",
        "cauchy",  "uniform", "aten::normal", "log_normal",  "rrelu",   "fractional_max_pool"};
    const std::string kind = node.kind().toQualString();
    // What an interface calls may do anything.
    return is_call(node) || node.isNondeterministic() ||
           std::any_of(kParts.begin(), kParts.end(),
                       [&](const char *part) { return kind.find(part) != std::string::npos; });
}

bool draws(torch::jit::graph_node_list nodes) {
    return std::any_of(nodes.begin(), nodes.end(), [](torch::jit::Node *node) {
        if (is_random_operator(*node)) {
            return true;
        }
        const auto blocks = node->blocks();
        return std::any_of(blocks.begin(), blocks.end(),
                           [](torch::jit::Block *block) { return draws(block->nodes()); });
    });
}

} // namespace

ScriptTensors tensors_of(const torch::jit::Module &module) {
    ScriptTensors result;
    std::unordered_set<const void *> seen;
    const auto place = [&](const std::string &name, const at::Tensor &tensor, bool is_buffer) {
        if (seen.insert(tensor.unsafeGetTensorImpl()).second) {
            result.slots.push_back({name, result.total_count, tensor.sizes().vec(), is_buffer});
            result.tensors.push_back(tensor);
            result.total_count += tensor.numel();
        }
    };
    for (const auto &parameter : module.named_parameters()) {
        if (parameter.value.scalar_type() != at::kFloat) {
            throw UserFault("TorchScript file: parameter " + parameter.name + " is " +
                            c10::toString(parameter.value.scalar_type()) + "; all must be float32");
        }
        if (parameter.value.requires_grad()) {
            place(parameter.name, parameter.value, false);
        }
    }
    result.parameter_count = result.total_count;
    // A frozen parameter is carried like a buffer that never changes: no optimizer touches it.
    for (const auto &parameter : module.named_parameters()) {
        if (!parameter.value.requires_grad()) {
            place(parameter.name, parameter.value, true);
        }
    }
    for (const auto &buffer : module.named_buffers()) {
        if (buffer.value.scalar_type() == at::kFloat) {
            place(buffer.name, buffer.value, true);
        } else {
            result.counters.push_back(buffer.value);
        }
    }
    return result;
}

bool draws_random_numbers(const torch::jit::Module &module) { return draws(whole_forward(module)->nodes()); }

at::Tensor run_forward(torch::jit::Module &module, const at::Tensor &inputs, int64_t outputs) {
    torch::jit::setGraphExecutorOptimize(false);
    const c10::IValue value = module.forward({inputs});
    if (!value.isTensor()) {
        throw UserFault("TorchScript model: its output is a " + value.tagKind() +
                        ", it must be one tensor [n, outputs]");
    }
    at::Tensor tensor = value.toTensor();
    if (tensor.scalar_type() == at::kBFloat16 || tensor.scalar_type() == at::kHalf) {
        tensor = tensor.to(at::kFloat);
    }
    if (tensor.dim() != 2 || tensor.size(0) != inputs.size(0) || tensor.size(1) != outputs ||
        tensor.scalar_type() != at::kFloat) {
        std::string shape;
        for (const int64_t size : tensor.sizes()) {
            shape += (shape.empty() ? "" : ", ") + std::to_string(size);
        }
        throw UserFault("TorchScript model: for " + std::to_string(inputs.size(0)) + " samples it gives " +
                        c10::toString(tensor.scalar_type()) + " [" + shape + "], it must give Float [" +
                        std::to_string(inputs.size(0)) + ", " + std::to_string(outputs) + "]");
    }
    return tensor;
}

Script::Script(const std::string &path) : path_(path), module_(load(path)) {
    try {
        if (!module_.find_method("forward")) {
            throw UserFault("TorchScript file: the module has no forward method");
        }
        require_backed(module_);
        tensors_ = tensors_of(module_);
        random_ = draws_random_numbers(module_);
    } catch (const UserFault &) {
        throw;
    } catch (const std::exception &exception) {
        throw UserFault("TorchScript file " + path + ": " + first_line(exception));
    }
    if (tensors_.parameter_count == 0) {
        throw UserFault("TorchScript file " + path +
                        ": the module has no trained parameters; torch.jit.freeze makes constants of them, "
                        "so save the scripted model itself");
    }
}

void Script::check(at::IntArrayRef dimensions, int64_t outputs) {
    std::vector<int64_t> shape{2};
    shape.insert(shape.end(), dimensions.begin(), dimensions.end());
    try {
        const at::NoGradGuard guard;
        torch::jit::Module probe = copy();
        probe.eval();
        run_forward(probe, at::zeros(shape), outputs);
    } catch (const UserFault &) {
        throw;
    } catch (const std::exception &exception) {
        // The interpreter's message is a source trace; the operator's own complaint is its last line of text.
        std::string text = exception.what();
        const size_t marker = text.rfind("RuntimeError: ");
        text = marker == std::string::npos ? first_line(exception)
                                           : text.substr(marker + std::strlen("RuntimeError: "));
        throw UserFault("TorchScript file " + path_ + ": the model does not take this data's samples (" +
                        text.substr(0, text.find('\n')) + ")");
    }
}

void Script::read(float *values, int64_t total_count) const {
    if (total_count != tensors_.total_count) {
        throw std::runtime_error("the buffer does not have the script's length");
    }
    const at::NoGradGuard guard;
    for (size_t i = 0; i < tensors_.slots.size(); ++i) {
        const auto &slot = tensors_.slots[i];
        at::from_blob(values + slot.offset, slot.shape, at::kFloat).copy_(tensors_.tensors[i].detach());
    }
}

} // namespace disttrain
