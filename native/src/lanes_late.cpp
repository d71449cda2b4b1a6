#include <ATen/Functions.h>

#include <deque>
#include <utility>

#include "lanes.h"

namespace disttrain {

namespace {

struct CountMark final : Mark {
    CountMark(Lane lane, int64_t count) : lane(lane), count(count) {}

    Lane lane;
    int64_t count; // copies that the lane had been told of
};

class LateLanes final : public Lanes {
public:
    at::Tensor pinned(int64_t length) const override { return at::empty({length}, at::kFloat); }

    void copy(Lane lane, const at::Tensor &to, const at::Tensor &from) override {
        Queue &queue = lane == Lane::Upload ? upload_ : download_;
        queue.waiting.emplace_back(to, from);
        ++queue.told;
    }

    std::unique_ptr<Mark> mark(Lane lane) override {
        return std::make_unique<CountMark>(lane, queue_of(lane) == nullptr ? 0 : queue_of(lane)->told);
    }

    // Operators cannot wait: they are about to run, so what they wait for is done now. A copy that waits for
    // operators has nothing to wait for.
    void follow(Lane, const Mark *mark) override { advance(mark); }
    void finish(Lane, const Mark *mark) override { advance(mark); }

private:
    struct Queue {
        std::deque<std::pair<at::Tensor, at::Tensor>> waiting;
        int64_t told = 0;
        int64_t done = 0;
    };

    Queue *queue_of(Lane lane) {
        return lane == Lane::Upload ? &upload_ : lane == Lane::Download ? &download_ : nullptr;
    }

    void advance(const Mark *mark) {
        const auto *place = static_cast<const CountMark *>(mark);
        Queue *queue = place == nullptr ? nullptr : queue_of(place->lane);
        while (queue != nullptr && queue->done < place->count) {
            queue->waiting.front().first.copy_(queue->waiting.front().second);
            queue->waiting.pop_front();
            ++queue->done;
        }
    }

    Queue upload_, download_;
};

} // namespace

std::unique_ptr<Lanes> make_late_lanes() { return std::make_unique<LateLanes>(); }

} // namespace disttrain
