// The C functions: unwrap, call, wrap. Nothing is decided here.
#include <c10/core/DeviceGuard.h>
#include <torch/version.h>

#include <memory>
#include <stdexcept>

#include "device.h"
#include "disttrain.h"
#include "error.h"
#include "replica.h"
#include "script.h"
#include "signal_shield.h"

using disttrain::guarded;

struct dt_replica {
    std::unique_ptr<disttrain::Replica> body;
};

struct dt_script {
    disttrain::Script body;
};

namespace {

template <typename... Pointers>
void require(Pointers... pointers) {
    if ((... || (pointers == nullptr))) {
        throw std::invalid_argument("a required pointer is null");
    }
}

} // namespace

uint32_t dt_abi_version(void) { return DT_ABI_VERSION; }

const char *dt_last_error(void) { return disttrain::last_error(); }

const char *dt_torch_version(void) { return TORCH_VERSION; }

int32_t dt_torch_cuda(void) { return disttrain::cuda_of_libtorch(); }

int32_t dt_check_device(const char *device) {
    return guarded([&] {
        require(device);
        disttrain::open_device(device);
    });
}

int32_t dt_device_answers(const char *device) {
    return guarded([&] {
        require(device);
        disttrain::require_answer(disttrain::open_device(device));
    });
}

int32_t dt_replica_create(const dt_layer *layers, int32_t layer_count, const dt_replica_options *options,
                          const char *device, dt_replica **replica) {
    return guarded([&] {
        require(layers, options, device, replica);
        const c10::DeviceGuard guard(disttrain::open_device(device));
        *replica = new dt_replica{disttrain::make_layered_replica(layers, layer_count, *options, device)};
    });
}

int32_t dt_replica_gradient(dt_replica *replica, const dt_batch *batch, uint64_t seed, double loss_factor,
                            float *gradient, dt_result *result) {
    return guarded([&] {
        require(replica, batch, gradient, result);
        const c10::DeviceGuard guard(replica->body->device());
        const disttrain::SignalShield shield;
        *result = replica->body->gradient(*batch, seed, loss_factor, gradient);
    });
}

int32_t dt_replica_settle(dt_replica *replica, const float *gradient) {
    return guarded([&] {
        require(replica, gradient);
        const c10::DeviceGuard guard(replica->body->device());
        replica->body->settle(gradient);
    });
}

int32_t dt_replica_evaluate(dt_replica *replica, const dt_batch *batch, dt_result *result) {
    return guarded([&] {
        require(replica, batch, result);
        const c10::DeviceGuard guard(replica->body->device());
        const disttrain::SignalShield shield;
        *result = replica->body->evaluate(*batch);
    });
}

int32_t dt_replica_refresh(dt_replica *replica) {
    return guarded([&] {
        require(replica);
        const c10::DeviceGuard guard(replica->body->device());
        replica->body->refresh();
    });
}

void dt_replica_destroy(dt_replica *replica) {
    guarded([&] { delete replica; });
}

int32_t dt_script_open(const char *path, dt_script **script) {
    return guarded([&] {
        require(path, script);
        *script = new dt_script{disttrain::Script(path)};
    });
}

int32_t dt_script_check(dt_script *script, int32_t rank, const int64_t *dimensions, int32_t outputs) {
    return guarded([&] {
        require(script, dimensions);
        script->body.check(at::IntArrayRef(dimensions, static_cast<size_t>(rank)), outputs);
    });
}

int32_t dt_script_slot_count(dt_script *script, int32_t *count) {
    return guarded([&] {
        require(script, count);
        *count = static_cast<int32_t>(script->body.tensors().slots.size());
    });
}

int32_t dt_script_slot(dt_script *script, int32_t index, dt_slot *slot) {
    return guarded([&] {
        require(script, slot);
        const auto &from = script->body.tensors().slots.at(static_cast<size_t>(index));
        if (from.shape.size() > 8) {
            throw disttrain::UserFault("TorchScript file: tensor " + from.name +
                                       " has more than 8 dimensions");
        }
        *slot = dt_slot{};
        slot->name = from.name.c_str();
        slot->offset = from.offset;
        slot->rank = static_cast<int32_t>(from.shape.size());
        slot->is_buffer = from.is_buffer ? 1 : 0;
        std::copy(from.shape.begin(), from.shape.end(), slot->dimensions);
    });
}

int32_t dt_script_read(dt_script *script, float *values, int64_t total_count) {
    return guarded([&] {
        require(script, values);
        script->body.read(values, total_count);
    });
}

int32_t dt_script_replica_create(dt_script *script, const dt_replica_options *options, const char *device,
                                 dt_replica **replica) {
    return guarded([&] {
        require(script, options, device, replica);
        const c10::DeviceGuard guard(disttrain::open_device(device));
        *replica = new dt_replica{disttrain::make_script_replica(script->body, *options, device)};
    });
}

void dt_script_destroy(dt_script *script) {
    guarded([&] { delete script; });
}
