// Complex numbers and Fourier transforms.
#pragma once

#include <string>

#include "ops/row.h"

namespace torch2mlx::ops {

enum class Fourier { complex, inverse, real, real_inverse };
// Over `axes`, each first cut or padded with zeros to its size in `n`; norm: "backward" if absent, "ortho", "forward".
mx::array fourier(A a, OptInts n, Ints axes, OptText norm, Fourier kind);
mx::fft::FFTNorm fourier_norm(OptText norm);

// The Python spelling of a transform along one axis and along several.
#define TORCH2MLX_FOURIER(name)       \
  "mx.fft." name                      \
  "({a}, {n}, {axes}, norm={norm})\n" \
  "mx.fft." name                      \
  "({a}, axes={axes}, norm={norm})\n" \
  "mx.fft." name                      \
  "({a}, {n}, {axes})\n"              \
  "mx.fft." name "({a}, axes={axes})"
#define TORCH2MLX_FOURIER_1(name)       \
  "mx.fft." name                        \
  "({a}, {*n}, {*axes}, norm={norm})\n" \
  "mx.fft." name                        \
  "({a}, axis={*axes}, norm={norm})\n"  \
  "mx.fft." name                        \
  "({a}, {*n}, {*axes})\n"              \
  "mx.fft." name "({a}, axis={*axes})"

inline constexpr std::tuple fourier_rows{
    op<[](A a) { return mx::real(a); }>("real", "a", Axes::elementwise),
    op<[](A a) { return mx::imag(a); }>("imag", "a", Axes::elementwise),
    op<[](A a) { return mx::conjugate(a); }>("conj", "a", Axes::elementwise),
    op<[](A a, OptInts n, Ints axes, OptText norm) { return fourier(a, n, axes, norm, Fourier::complex); }>(
        "fft", "a n axes norm", Axes::fixed, TORCH2MLX_FOURIER_1("fft")),
    op<[](A a, OptInts n, Ints axes, OptText norm) { return fourier(a, n, axes, norm, Fourier::inverse); }>(
        "ifft", "a n axes norm", Axes::fixed, TORCH2MLX_FOURIER_1("ifft")),
    op<[](A a, OptInts n, Ints axes, OptText norm) { return fourier(a, n, axes, norm, Fourier::real); }>(
        "rfft", "a n axes norm", Axes::fixed, TORCH2MLX_FOURIER_1("rfft")),
    op<[](A a, OptInts n, Ints axes, OptText norm) { return fourier(a, n, axes, norm, Fourier::real_inverse); }>(
        "irfft", "a n axes norm", Axes::fixed, TORCH2MLX_FOURIER_1("irfft")),
    op<[](A a, OptInts n, Ints axes, OptText norm) { return fourier(a, n, axes, norm, Fourier::complex); }>(
        "fftn", "a n axes norm", Axes::fixed, TORCH2MLX_FOURIER("fftn")),
    op<[](A a, OptInts n, Ints axes, OptText norm) { return fourier(a, n, axes, norm, Fourier::inverse); }>(
        "ifftn", "a n axes norm", Axes::fixed, TORCH2MLX_FOURIER("ifftn")),
    op<[](A a, OptInts n, Ints axes, OptText norm) { return fourier(a, n, axes, norm, Fourier::real); }>(
        "rfftn", "a n axes norm", Axes::fixed, TORCH2MLX_FOURIER("rfftn")),
    op<[](A a, OptInts n, Ints axes, OptText norm) { return fourier(a, n, axes, norm, Fourier::real_inverse); }>(
        "irfftn", "a n axes norm", Axes::fixed, TORCH2MLX_FOURIER("irfftn")),
    op<[](A a, OptInts axes) { return axes ? mx::fft::fftshift(a, *axes) : mx::fft::fftshift(a); }>(
        "fftshift", "a axes", Axes::fixed, "mx.fft.fftshift({}, axes={axes})\nmx.fft.fftshift({})"),
    op<[](A a, OptInts axes) { return axes ? mx::fft::ifftshift(a, *axes) : mx::fft::ifftshift(a); }>(
        "ifftshift", "a axes", Axes::fixed, "mx.fft.ifftshift({}, axes={axes})\nmx.fft.ifftshift({})"),
    op<[](A x, Int n_fft, Int hop_length, Int win_length, OptA window, OptText norm, Bool onesided) {
      return mx::fft::stft(x, n_fft, hop_length, win_length, window, false, "reflect", fourier_norm(norm), onesided);
    }>("stft", "x n_fft hop_length win_length window norm onesided", Axes::fixed,
       "mx.fft.stft({x}, {n_fft}, {hop_length}, {win_length}, {window|None}, center=False, norm={norm}, "
       "onesided={onesided})\n"
       "mx.fft.stft({x}, {n_fft}, {hop_length}, {win_length}, {window|None}, center=False, onesided={onesided})"),
    op<[](A z, Int n_fft, Int hop_length, Int win_length, OptA window, Bool center, OptText norm, Bool onesided,
          OptInt length) {
      return mx::fft::istft(z, n_fft, hop_length, win_length, window, center, fourier_norm(norm), onesided, length);
    }>("istft", "z n_fft hop_length win_length window center norm onesided length", Axes::fixed,
       "mx.fft.istft({z}, {n_fft}, {hop_length}, {win_length}, {window|None}, center={center}, "
       "norm={norm|\"backward\"}, "
       "onesided={onesided}, length={length|None})"),
};

#undef TORCH2MLX_FOURIER
#undef TORCH2MLX_FOURIER_1

}  // namespace torch2mlx::ops
