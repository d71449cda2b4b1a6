#include "layers/pooling_cpu.h"

#include <algorithm>
#include <cstring>

namespace disttrain {

namespace {

// Compiled once more for processors with AVX2 where the compiler can choose at load time.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define DISTTRAIN_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define DISTTRAIN_VECTORISED
#endif

// Branch-free, so that the compiler may vectorise: a later value wins when it is larger or not a number.
// Planes are small and their values random, so a branch here would be mispredicted every other time.
inline void contest(float candidate, int32_t position, float &best, int32_t &winner) {
    const int32_t mask = -static_cast<int32_t>((candidate > best) | (candidate != candidate));
    int32_t from, to;
    std::memcpy(&from, &candidate, sizeof from);
    std::memcpy(&to, &best, sizeof to);
    to = (from & mask) | (to & ~mask);
    std::memcpy(&best, &to, sizeof to);
    winner = (position & mask) | (winner & ~mask);
}

DISTTRAIN_VECTORISED
void halve_row(const float *__restrict upper, const float *__restrict lower, int64_t columns,
               float *__restrict output, uint8_t *__restrict positions) {
    for (int64_t column = 0; column < columns; ++column) {
        float best = upper[2 * column];
        int32_t winner = 0;
        contest(upper[2 * column + 1], 1, best, winner);
        contest(lower[2 * column], 2, best, winner);
        contest(lower[2 * column + 1], 3, best, winner);
        output[column] = best;
        positions[column] = static_cast<uint8_t>(winner);
    }
}

DISTTRAIN_VECTORISED
void spread_row(const float *__restrict gradient, const uint8_t *__restrict positions, int64_t columns,
                float *__restrict upper, float *__restrict lower) {
    for (int64_t column = 0; column < columns; ++column) {
        const float value = gradient[column];
        const int32_t winner = positions[column];
        upper[2 * column] = winner == 0 ? value : 0.0f;
        upper[2 * column + 1] = winner == 1 ? value : 0.0f;
        lower[2 * column] = winner == 2 ? value : 0.0f;
        lower[2 * column + 1] = winner == 3 ? value : 0.0f;
    }
}

bool halves(const PoolShape &shape) { return shape.kernel == 2 && shape.stride == 2 && shape.padding == 0; }

} // namespace

void max_pool_plane(const float *input, const PoolShape &shape, float *output, uint8_t *positions) {
    if (halves(shape)) {
        for (int64_t row = 0; row < shape.rows; ++row) {
            const float *upper = input + 2 * row * shape.width;
            halve_row(upper, upper + shape.width, shape.columns, output + row * shape.columns,
                      positions + row * shape.columns);
        }
        return;
    }
    for (int64_t index = 0; index < shape.rows * shape.columns; ++index) {
        const int64_t top = index / shape.columns * shape.stride - shape.padding;
        const int64_t left = index % shape.columns * shape.stride - shape.padding;
        const int64_t first_row = std::max<int64_t>(top, 0);
        const int64_t first_column = std::max<int64_t>(left, 0);
        float best = input[first_row * shape.width + first_column];
        auto winner = static_cast<int32_t>((first_row - top) * shape.kernel + first_column - left);
        for (int64_t y = first_row; y < std::min(top + shape.kernel, shape.height); ++y) {
            for (int64_t x = first_column; x < std::min(left + shape.kernel, shape.width); ++x) {
                contest(input[y * shape.width + x], static_cast<int32_t>((y - top) * shape.kernel + x - left),
                        best, winner);
            }
        }
        output[index] = best;
        positions[index] = static_cast<uint8_t>(winner);
    }
}

void max_pool_plane_backward(const float *gradient, const uint8_t *positions, const PoolShape &shape,
                             float *input_gradient) {
    if (halves(shape) && shape.height == 2 * shape.rows && shape.width == 2 * shape.columns) {
        for (int64_t row = 0; row < shape.rows; ++row) {
            float *upper = input_gradient + 2 * row * shape.width;
            spread_row(gradient + row * shape.columns, positions + row * shape.columns, shape.columns, upper,
                       upper + shape.width);
        }
        return;
    }
    std::fill_n(input_gradient, shape.height * shape.width, 0.0f);
    for (int64_t index = 0; index < shape.rows * shape.columns; ++index) {
        const int64_t y =
            index / shape.columns * shape.stride - shape.padding + positions[index] / shape.kernel;
        const int64_t x =
            index % shape.columns * shape.stride - shape.padding + positions[index] % shape.kernel;
        input_gradient[y * shape.width + x] += gradient[index];
    }
}

} // namespace disttrain
