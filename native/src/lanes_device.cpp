#include <ATen/Functions.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "lanes.h"

namespace disttrain {

namespace {

class EventMark final : public Mark {
public:
    explicit EventMark(const c10::Stream &stream) : event(stream.device_type()) { event.record(stream); }

    c10::Event event;
};

// Operators run on the stream that is current on the calling thread, libtorch's default one.
class DeviceLanes final : public Lanes {
public:
    explicit DeviceLanes(c10::Device device)
        : guard_(device.type()), device_(device), upload_(guard_.getStreamFromGlobalPool(device)),
          download_(guard_.getStreamFromGlobalPool(device)) {}

    at::Tensor pinned(int64_t length) const override {
        return at::empty({length}, at::TensorOptions().dtype(at::kFloat).pinned_memory(true));
    }

    void copy(Lane lane, const at::Tensor &to, const at::Tensor &from) override {
        const c10::StreamGuard scope(stream(lane));
        to.copy_(from, /*non_blocking=*/true);
    }

    std::unique_ptr<Mark> mark(Lane lane) override { return std::make_unique<EventMark>(stream(lane)); }

    void follow(Lane lane, const Mark *mark) override {
        if (mark != nullptr) {
            static_cast<const EventMark *>(mark)->event.block(stream(lane));
        }
    }

    // Events cannot be waited for in every libtorch, streams can: a lane is emptied instead, which costs
    // nothing where its mark is the last thing it was told.
    void finish(Lane lane, const Mark *mark) override {
        if (mark != nullptr && !static_cast<const EventMark *>(mark)->event.query()) {
            stream(lane).synchronize();
        }
    }

private:
    c10::Stream stream(Lane lane) const {
        return lane == Lane::Upload ? upload_
                                    : lane == Lane::Download ? download_ : guard_.getStream(device_);
    }

    c10::impl::VirtualGuardImpl guard_;
    c10::Device device_;
    c10::Stream upload_, download_;
};

} // namespace

std::unique_ptr<Lanes> make_device_lanes(c10::Device device) { return std::make_unique<DeviceLanes>(device); }

} // namespace disttrain
