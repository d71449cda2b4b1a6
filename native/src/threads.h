#pragma once

namespace disttrain {

// Bounds libtorch's own pool, OpenMP and OpenBLAS. Torch and OpenMP keep the bound per calling thread;
// OpenBLAS keeps one for the process, so workers of one process must agree, which a job's single "threads"
// sees to.
void bound_threads(int threads);

} // namespace disttrain
