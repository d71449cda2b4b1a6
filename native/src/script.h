// A TorchScript file: its tensors in the order of the flat buffer, and what must be known before it is run.
#pragma once

#include <torch/script.h>

#include <memory>
#include <string>
#include <vector>

#include "disttrain.h"
#include "replica.h"

namespace disttrain {

struct ScriptSlot {
    std::string name;
    int64_t offset;
    std::vector<int64_t> shape;
    bool is_buffer;
};

// The float32 tensors of a module, each once (a tied weight has one slot), trained ones first.
struct ScriptTensors {
    std::vector<ScriptSlot> slots;
    std::vector<at::Tensor> tensors;  // one per slot
    std::vector<at::Tensor> counters; // integer and boolean buffers, such as num_batches_tracked
    int64_t parameter_count = 0;
    int64_t total_count = 0;
};

ScriptTensors tensors_of(const torch::jit::Module &module);

// Whether any graph that `forward` can reach draws random numbers.
bool draws_random_numbers(const torch::jit::Module &module);

// Runs forward and gives a float32 [n, outputs]; UserFault says what else came out. The graph executor runs
// unoptimised: its profiling passes would fuse kernels from the third call on, and with them change the bits.
at::Tensor run_forward(torch::jit::Module &module, const at::Tensor &inputs, int64_t outputs);

class Script {
public:
    explicit Script(const std::string &path);

    void check(at::IntArrayRef dimensions, int64_t outputs);
    void read(float *values, int64_t total_count) const;

    const ScriptTensors &tensors() const { return tensors_; }
    torch::jit::Module copy() const { return module_.deepcopy(); }
    bool is_random() const { return random_; }
    const std::string &path() const { return path_; }

private:
    std::string path_;
    torch::jit::Module module_;
    ScriptTensors tensors_;
    bool random_ = false;
};

std::unique_ptr<Replica> make_script_replica(const Script &script, const dt_replica_options &options,
                                             const char *device);

} // namespace disttrain
