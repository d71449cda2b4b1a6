// Vectors on their way between the host and a device, through pinned memory and in lanes of their own.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <memory>

#include "lanes.h"

namespace disttrain {

// Host to device. The caller's memory is free again when send() returns, and operators called after it see
// the numbers. Where they go to stays theirs until the second send() after it, so that one vector travels
// while operators still read the one before.
//
//   host ──memcpy──► pinned[i] ──Upload──► device[i]        i = 0, 1, 0, 1, …
class Upload {
public:
    Upload(Lanes &lanes, c10::Device device) : lanes_(lanes), device_(device) {}

    // `length` numbers; the tensor is flat.
    at::Tensor send(const float *host, int64_t length);

private:
    struct Slot {
        at::Tensor pinned, device;
        std::unique_ptr<Mark> sent; // Upload: the copy out of `pinned`
    };

    Lanes &lanes_;
    c10::Device device_;
    std::array<Slot, 2> slots_;
    std::unique_ptr<Mark> free_; // Compute: everything that was called before the last send()
    size_t next_ = 0;
};

// Device to host. The tensor may be written again when send() returns; the host has the numbers when settle()
// does. One vector is under way at a time: the next send() settles the one before.
//
//   tensor ──Compute──► outgoing ──Download──► pinned ──memcpy──► host
class Download {
public:
    explicit Download(Lanes &lanes) : lanes_(lanes) {}

    // Sends parameters [0, parameter_count) times `factor`, and the rest as it is.
    void send(const at::Tensor &tensor, int64_t parameter_count, double factor, float *host);

    // Nothing is to be done for another host vector: it is settled already.
    void settle(const float *host);

private:
    Lanes &lanes_;
    at::Tensor outgoing_, pinned_;
    std::unique_ptr<Mark> sent_; // Download: the copy out of `outgoing_`
    float *host_ = nullptr;      // where the vector under way goes
};

} // namespace disttrain
