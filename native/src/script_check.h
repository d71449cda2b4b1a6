// What must be known of a TorchScript file before it is run.
#pragma once

#include <torch/script.h>

#include <memory>

namespace disttrain {

// Throws UserFault where a parameter, a buffer, a constant of a graph or any other tensor of the module
// claims more numbers than there are: libtorch 1.13 believes sizes, strides and storage lengths alike, and a
// model that does not would read foreign memory.
void require_backed(const torch::jit::Module &module);

// A copy of forward's graph with all that it calls written into it. Calls that cannot be known beforehand, by
// an interface, are left.
std::shared_ptr<torch::jit::Graph> whole_forward(const torch::jit::Module &module);

bool is_call(const torch::jit::Node &node);

} // namespace disttrain
