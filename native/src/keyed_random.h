// Counter-based randomness, the same function as DistTrain.Core.Sampling.KeyedRandom: a dropout mask depends
// on its key and on the element's index alone, so it has the same bits on every device, with any number of
// threads.
#pragma once

#include <cstdint>

namespace disttrain {

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15ull;

inline uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
}

inline uint64_t fold_key(uint64_t key, uint64_t part) {
    return mix(mix(key + kGolden) ^ (part * kGolden + 0x632BE59BD9B4E019ull));
}

inline uint64_t random_word(uint64_t key, uint64_t counter) { return mix(key + kGolden * (counter + 1)); }

} // namespace disttrain
