// Whether the tensors of a TorchScript file are backed by the bytes that it brought.
#pragma once

#include <torch/script.h>

namespace disttrain {

// Throws UserFault where a parameter, a buffer, a constant of a graph or any other tensor of the module
// claims more numbers than there are: libtorch 1.13 believes sizes, strides and storage lengths alike, and a
// model that does not would read foreign memory.
void require_backed(const torch::jit::Module &module);

} // namespace disttrain
