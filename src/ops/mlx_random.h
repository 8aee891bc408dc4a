// Random numbers, of a key that is given: MLX's own generator would leave the same numbers in a compiled function.
#pragma once

#include "ops/row.h"

namespace torch2mlx::ops {

inline mx::Shape random_shape(Ints sizes) { return {sizes.begin(), sizes.end()}; }

inline constexpr std::tuple random_rows{
    op<[](A key, Int num) { return mx::random::split(key, num); }>("random.split", "key num", Axes::fixed,
                                                                   "mx.random.split({}, {})"),
    op<[](A key, Number low, Number high, Ints shape) {
      return mx::random::uniform(static_cast<float>(low), static_cast<float>(high), random_shape(shape), mx::float32,
                                 key);
    }>("random.uniform", "key low high shape", Axes::fixed,
       "mx.random.uniform(shape={shape}, key={key}){low=0}{high=1}\n"
       "mx.random.uniform({low}, {high}, {shape}, key={key})"),
    op<[](A key, Ints shape) { return mx::random::normal(random_shape(shape), mx::float32, key); }>(
        "random.normal", "key shape", Axes::fixed, "mx.random.normal({shape}, key={key})"),
    op<[](A key, Int low, Int high, Ints shape) {
      return mx::random::randint(low, high, random_shape(shape), mx::int32, key);
    }>("random.randint", "key low high shape", Axes::fixed, "mx.random.randint({low}, {high}, {shape}, key={key})"),
    op<[](A p, A key, Ints shape) { return mx::random::bernoulli(p, random_shape(shape), key); }>(
        "random.bernoulli", "p key shape", Axes::fixed, "mx.random.bernoulli({p}, {shape}, key={key})"),
    op<[](A key, Int n) { return mx::random::permutation(n, key); }>("random.permutation", "key n", Axes::fixed,
                                                                     "mx.random.permutation({n}, key={key})"),
    op<[](A key, Ints shape) { return mx::random::gumbel(random_shape(shape), mx::float32, key); }>(
        "random.gumbel", "key shape", Axes::fixed, "mx.random.gumbel({shape}, key={key})"),
    op<[](A logits, A key, Int num_samples) { return mx::random::categorical(logits, -1, num_samples, key); }>(
        "random.categorical", "logits key num_samples", Axes::fixed,
        "mx.random.categorical({logits}, num_samples={num_samples}, key={key})"),
};

}  // namespace torch2mlx::ops
