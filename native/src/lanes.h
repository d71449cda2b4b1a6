// Copies between host and device run beside the computation, in lanes of their own. A lane does what it is
// told in order; lanes wait for one another where they are told to, and the host waits only in finish().
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <memory>

namespace disttrain {

enum class Lane {
    Compute,  // what libtorch's operators do; they are called, not queued here
    Upload,   // host to device
    Download, // device to host
};

// A place in a lane: everything it had been told to do up to then.
class Mark {
public:
    virtual ~Mark() = default;
};

class Lanes {
public:
    virtual ~Lanes() = default;

    // Host memory that copies are fast and asynchronous from and to.
    virtual at::Tensor pinned(int64_t length) const = 0;

    // Copies `from` into `to` in this lane; neither may change before the copy is known to be done.
    virtual void copy(Lane lane, const at::Tensor &to, const at::Tensor &from) = 0;

    virtual std::unique_ptr<Mark> mark(Lane lane) = 0;

    // What the lane is told from here on waits for the mark. A null mark is behind everything.
    virtual void follow(Lane lane, const Mark *mark) = 0;

    // Returns when the lane has come to its mark. A null mark is behind everything.
    virtual void finish(Lane lane, const Mark *mark) = 0;
};

// The lanes of a GPU: libtorch's streams and events by their device-independent names, so that nothing here
// needs CUDA's headers.
std::unique_ptr<Lanes> make_device_lanes(c10::Device device);

// The CPU in a GPU's place: what libtorch's operators do is done when they return, and a copy is made as late
// as the rules allow. Whoever forgets to wait, or overwrites too early, gets wrong numbers every time.
std::unique_ptr<Lanes> make_late_lanes();

} // namespace disttrain
