#include "ops/mlx_fourier.h"

#include <stdexcept>

namespace torch2mlx::ops {

mx::fft::FFTNorm fourier_norm(OptText norm) {
  if (!norm || *norm == "backward") return mx::fft::FFTNorm::Backward;
  if (*norm == "ortho") return mx::fft::FFTNorm::Ortho;
  if (*norm == "forward") return mx::fft::FFTNorm::Forward;
  throw std::invalid_argument("a norm is \"backward\", \"ortho\" or \"forward\"");
}

mx::array fourier(A a, OptInts n, Ints axes, OptText norm, Fourier kind) {
  const mx::fft::FFTNorm scaled = fourier_norm(norm);
  const auto run = [&](auto&& sized, auto&& whole) { return n ? sized(shape_of(*n)) : whole(); };
  using mx::Shape;
  switch (kind) {
    case Fourier::complex:
      return run([&](const Shape& sizes) { return mx::fft::fftn(a, sizes, axes, scaled); },
                 [&] { return mx::fft::fftn(a, axes, scaled); });
    case Fourier::inverse:
      return run([&](const Shape& sizes) { return mx::fft::ifftn(a, sizes, axes, scaled); },
                 [&] { return mx::fft::ifftn(a, axes, scaled); });
    case Fourier::real:
      return run([&](const Shape& sizes) { return mx::fft::rfftn(a, sizes, axes, scaled); },
                 [&] { return mx::fft::rfftn(a, axes, scaled); });
    default:
      return run([&](const Shape& sizes) { return mx::fft::irfftn(a, sizes, axes, scaled); },
                 [&] { return mx::fft::irfftn(a, axes, scaled); });
  }
}

}  // namespace torch2mlx::ops
