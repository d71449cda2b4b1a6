#include "layers/pooling_cpu.h"

#include <algorithm>

namespace disttrain {

namespace {

// Branch-free, so that the compiler may vectorise: a later value wins when it is larger or not a number.
inline void contest(float candidate, uint8_t position, float &best, uint8_t &winner) {
    const bool wins = (candidate > best) | (candidate != candidate);
    best = wins ? candidate : best;
    winner = wins ? position : winner;
}

void halve_plane(const float *input, const PoolShape &shape, float *output, uint8_t *positions) {
    for (int64_t row = 0; row < shape.rows; ++row) {
        const float *upper = input + 2 * row * shape.width;
        const float *lower = upper + shape.width;
        float *out = output + row * shape.columns;
        uint8_t *where = positions + row * shape.columns;
        for (int64_t column = 0; column < shape.columns; ++column) {
            float best = upper[2 * column];
            uint8_t winner = 0;
            contest(upper[2 * column + 1], 1, best, winner);
            contest(lower[2 * column], 2, best, winner);
            contest(lower[2 * column + 1], 3, best, winner);
            out[column] = best;
            where[column] = winner;
        }
    }
}

void halve_plane_backward(const float *gradient, const uint8_t *positions, const PoolShape &shape,
                          float *input_gradient) {
    for (int64_t row = 0; row < shape.rows; ++row) {
        float *upper = input_gradient + 2 * row * shape.width;
        float *lower = upper + shape.width;
        const float *from = gradient + row * shape.columns;
        const uint8_t *where = positions + row * shape.columns;
        for (int64_t column = 0; column < shape.columns; ++column) {
            const float value = from[column];
            const uint8_t winner = where[column];
            upper[2 * column] = winner == 0 ? value : 0.0f;
            upper[2 * column + 1] = winner == 1 ? value : 0.0f;
            lower[2 * column] = winner == 2 ? value : 0.0f;
            lower[2 * column + 1] = winner == 3 ? value : 0.0f;
        }
    }
}

bool halves(const PoolShape &shape) { return shape.kernel == 2 && shape.stride == 2 && shape.padding == 0; }

} // namespace

void max_pool_plane(const float *input, const PoolShape &shape, float *output, uint8_t *positions) {
    if (halves(shape)) {
        halve_plane(input, shape, output, positions);
        return;
    }
    for (int64_t index = 0; index < shape.rows * shape.columns; ++index) {
        const int64_t top = index / shape.columns * shape.stride - shape.padding;
        const int64_t left = index % shape.columns * shape.stride - shape.padding;
        const int64_t first_row = std::max<int64_t>(top, 0);
        const int64_t first_column = std::max<int64_t>(left, 0);
        float best = input[first_row * shape.width + first_column];
        auto winner = static_cast<uint8_t>((first_row - top) * shape.kernel + first_column - left);
        for (int64_t y = first_row; y < std::min(top + shape.kernel, shape.height); ++y) {
            for (int64_t x = first_column; x < std::min(left + shape.kernel, shape.width); ++x) {
                contest(input[y * shape.width + x], static_cast<uint8_t>((y - top) * shape.kernel + x - left), best,
                        winner);
            }
        }
        output[index] = best;
        positions[index] = winner;
    }
}

void max_pool_plane_backward(const float *gradient, const uint8_t *positions, const PoolShape &shape,
                             float *input_gradient) {
    if (halves(shape) && shape.height == 2 * shape.rows && shape.width == 2 * shape.columns) {
        halve_plane_backward(gradient, positions, shape, input_gradient);
        return;
    }
    std::fill_n(input_gradient, shape.height * shape.width, 0.0f);
    for (int64_t index = 0; index < shape.rows * shape.columns; ++index) {
        const int64_t y = index / shape.columns * shape.stride - shape.padding + positions[index] / shape.kernel;
        const int64_t x = index % shape.columns * shape.stride - shape.padding + positions[index] % shape.kernel;
        input_gradient[y * shape.width + x] += gradient[index];
    }
}

} // namespace disttrain
