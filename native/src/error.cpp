#include "error.h"

#include <c10/util/Exception.h>

#include "disttrain.h"

namespace disttrain {

namespace {

thread_local std::string message;

int32_t record(int32_t status, const std::string &text) noexcept {
    try {
        message = text;
    } catch (...) {
        message.clear(); // Out of memory: the status alone must do.
    }
    return status;
}

} // namespace

const char *last_error() noexcept { return message.c_str(); }

std::string first_line(const std::exception &exception) {
    const auto *torch = dynamic_cast<const c10::Error *>(&exception);
    std::string text = torch ? torch->what_without_backtrace() : exception.what();
    return text.substr(0, text.find('\n'));
}

int32_t record_current_exception() noexcept {
    try {
        throw;
    } catch (const UserFault &fault) {
        return record(DT_USER_FAULT, fault.what());
    } catch (const std::exception &fault) {
        return record(DT_FAULT, first_line(fault));
    } catch (...) {
        return record(DT_FAULT, "an exception of unknown kind");
    }
}

} // namespace disttrain
