// Max pooling on the host. libtorch's kernel for [n, c, h, w] takes about 20 times as long as this one and
// keeps an 8-byte index per output; in the small CNN it was a tenth of a step.
#pragma once

#include <cstdint>

namespace disttrain {

struct PoolShape {
    int64_t height, width; // of an input plane
    int64_t rows, columns; // of an output plane
    int64_t kernel, stride, padding;
};

// Windows whose positions fit the one byte kept per output.
inline bool fits_byte(int64_t kernel) { return kernel <= 15; }

// One plane: the largest of each window and its position (row-major in the window; the first of equals, a NaN
// wins).
void max_pool_plane(const float *input, const PoolShape &shape, float *output, uint8_t *positions);

// One plane: each output's gradient goes to the input that was largest. Overwrites input_gradient.
void max_pool_plane_backward(const float *gradient, const uint8_t *positions, const PoolShape &shape,
                             float *input_gradient);

} // namespace disttrain
