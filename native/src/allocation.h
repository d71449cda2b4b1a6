#pragma once

namespace disttrain {

// Keeps the C library from handing large blocks back to the system after every step, see the definition.
void keep_freed_memory();

} // namespace disttrain
