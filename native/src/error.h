// Failures: two kinds of exception inside, a status and a message outside.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace disttrain {

// What the user gave is wrong: a file, a device. Becomes DT_USER_FAULT.
class UserFault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

const char *last_error() noexcept;

// Records the exception in flight as the thread's last error and gives its status. Call inside a catch block.
int32_t record_current_exception() noexcept;

// The first line of an exception's message, without libtorch's stack traces.
std::string first_line(const std::exception &exception);

// Runs a body whose exceptions must not leave the library.
template <typename Body>
int32_t guarded(Body &&body) noexcept {
    try {
        body();
        return 0;
    } catch (...) {
        return record_current_exception();
    }
}

} // namespace disttrain
