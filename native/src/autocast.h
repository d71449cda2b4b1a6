#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

namespace disttrain {

// libtorch's autocast for operators of scripted modules, on the calling thread while it lives. With float32
// it does nothing.
class Autocast {
public:
    Autocast(c10::Device device, c10::ScalarType precision);
    ~Autocast();
    Autocast(const Autocast &) = delete;
    Autocast &operator=(const Autocast &) = delete;

private:
    c10::Device device_;
    bool on_;
};

} // namespace disttrain
