#include "script_check.h"

#include <c10/core/CPUAllocator.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <algorithm>
#include <string>
#include <unordered_set>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "error.h"

namespace disttrain {

namespace {

// The bytes behind a storage, for its own count is the file's claim. A record's block comes from malloc,
// which knows its size to within some dozen bytes; where libtorch may bring another allocator (mimalloc on
// ARM), the claim must do.
uint64_t bytes_behind(const c10::Storage &storage) {
#if defined(__GLIBC__) && defined(__x86_64__)
    if (storage.data_ptr().get_deleter() == c10::GetCPUAllocator()->raw_deleter()) {
        const void *block = storage.data_ptr().get();
        return std::min<uint64_t>(storage.nbytes(), malloc_usable_size(const_cast<void *>(block)));
    }
#endif
    return storage.nbytes();
}

void require_backed(const std::string &name, const at::Tensor &tensor) {
    if (!tensor.defined()) {
        return;
    }
    int64_t last = tensor.layout() == at::kStrided ? tensor.storage_offset() : -1;
    bool sound = last >= 0;
    for (int64_t i = 0; sound && i < tensor.dim(); ++i) {
        sound = tensor.size(i) >= 0 && tensor.stride(i) >= 0 &&
                (tensor.size(i) == 0 ||
                 !__builtin_add_overflow(last, (tensor.size(i) - 1) * tensor.stride(i), &last));
    }
    if (!sound || (tensor.numel() > 0 &&
                   static_cast<uint64_t>(last) >= bytes_behind(tensor.storage()) / tensor.element_size())) {
        throw UserFault("TorchScript file: " + name + " claims more numbers than the file holds");
    }
}

// Objects may refer to one another in circles: each is entered once.
void require_backed(const c10::IValue &value) {
    std::unordered_set<const void *> seen;
    value.visit([&](const c10::IValue &part) {
        if (part.isTensor()) {
            require_backed("a tensor", part.toTensor());
        }
        return part.isObject() && !seen.insert(part.toObject().get()).second;
    });
}

void require_backed(torch::jit::graph_node_list nodes) {
    for (torch::jit::Node *node : nodes) {
        if (node->kind() == c10::prim::Constant && node->hasAttribute(c10::attr::value)) {
            if (node->kindOf(c10::attr::value) == torch::jit::AttributeKind::t) {
                require_backed("a constant", node->t(c10::attr::value));
            } else if (node->kindOf(c10::attr::value) == torch::jit::AttributeKind::ival) {
                require_backed(node->ival(c10::attr::value));
            }
        }
        for (torch::jit::Block *block : node->blocks()) {
            require_backed(block->nodes());
        }
    }
}

bool calls(torch::jit::graph_node_list nodes) {
    return std::any_of(nodes.begin(), nodes.end(), [](torch::jit::Node *node) {
        const auto blocks = node->blocks();
        return is_call(*node) || std::any_of(blocks.begin(), blocks.end(),
                                             [](torch::jit::Block *block) { return calls(block->nodes()); });
    });
}

} // namespace

bool is_call(const torch::jit::Node &node) {
    return node.kind() == c10::prim::CallFunction || node.kind() == c10::prim::CallMethod;
}

std::shared_ptr<torch::jit::Graph> whole_forward(const torch::jit::Module &module) {
    const auto graph = module.get_method("forward").graph()->copy();
    // Where the executor's optimiser is off, as it is once a script has run, one pass goes one call deep.
    constexpr int kDeepest = 100;
    for (int depth = 0; depth < kDeepest && calls(graph->nodes()); ++depth) {
        torch::jit::Inline(*graph);
    }
    return graph;
}

void require_backed(const torch::jit::Module &module) {
    for (const auto &parameter : module.named_parameters()) {
        require_backed("tensor " + parameter.name, parameter.value);
    }
    for (const auto &buffer : module.named_buffers()) {
        require_backed("tensor " + buffer.name, buffer.value);
    }
    require_backed(c10::IValue(module._ivalue()));
    require_backed(whole_forward(module)->nodes());
}

} // namespace disttrain
