"""Fourier transforms, whole and in windows."""

from op_case import c64, call, f32, f64, i64, refused, row, t

CLOSE = {f32: 2e-5, c64: 2e-5}
REAL, BOTH = (f32, i64), (f32, c64)
ALONG = (
    call(t(2, 8)),
    call(t(2, 9)),
    call(t(2, 8), 6),
    call(t(2, 8), 11, 0),
    call(t(3, 8), None, 0, "ortho"),
    call(t(5), None, -1, "forward"),
    call(t(5), None, -1, "backward"),
)
INVERSE = (
    call(t(2, 5)),
    call(t(2, 5), 9),
    call(t(2, 5), 6),
    call(t(5, 2), 8, 0, "ortho"),
    call(t(5), 8, -1, "forward"),
)
PLANES = (call(t(2, 4, 6)), call(t(2, 4, 5), [3, 8]), call(t(4, 6, 2), None, [0, 1], "ortho"))
SPACES = (
    call(t(2, 4, 6)),
    call(t(2, 4, 5), [3, 8]),
    call(t(4, 6, 2), None, [0, 2], "forward"),
    call(t(4, 6), [-1, 4], [1, 0]),
)
SHIFTS = (call(t(5)), call(t(4, 3)), call(t(4, 3), [1]), call(t(2, 3, 4), [0, -1]))
WINDOW = t(8, low=0, high=1)
WINDOW_HIGH = t(8, dtype=f32, low=0.5, high=1)
SIGNAL = t(2, 32)
SPECTRUM = t(2, 5, 9)
WINDOWS = (call(8), call(7), call(2), call(1))
SHAPED = tuple(call(size, periodic) for size in (8, 7, 2, 1) for periodic in (True, False))

ROWS = (
    row("aten.fft_fft.default", (*BOTH, i64), *ALONG, tolerance=CLOSE),
    row("aten.fft_ifft.default", BOTH, *ALONG, tolerance=CLOSE),
    row("aten.fft_rfft.default", REAL, *ALONG, tolerance=CLOSE),
    row("aten.fft_irfft.default", (c64,), *INVERSE, tolerance=CLOSE),
    row("aten.fft_fft2.default", BOTH, *PLANES, tolerance=CLOSE),
    row("aten.fft_ifft2.default", BOTH, *PLANES, tolerance=CLOSE),
    row("aten.fft_rfft2.default", (f32,), *PLANES, tolerance=CLOSE),
    row("aten.fft_irfft2.default", (c64,), *PLANES, tolerance=CLOSE),
    row("aten.fft_fftn.default", BOTH, *SPACES, tolerance=CLOSE),
    row("aten.fft_ifftn.default", BOTH, *SPACES, tolerance=CLOSE),
    row("aten.fft_rfftn.default", (f32,), *SPACES, tolerance=CLOSE),
    row("aten.fft_irfftn.default", (c64,), *SPACES, tolerance=CLOSE),
    row("aten._fft_c2c.default", (c64,), *(call(t(4, 6), [0, 1], n, forward) for n in (0, 1, 2) for forward in (True, False)), call(t(4, 6), [1], 0, True), tolerance=CLOSE),
    row("aten._fft_r2c.default", (f32,), *(call(t(4, 6), [1], n, half) for n in (0, 1, 2) for half in (True, False)), call(t(4, 6), [1, 0], 0, True), tolerance=CLOSE),
    row("aten._fft_c2r.default", (c64,), *(call(t(4, 6), [1], n, size) for n in (0, 1, 2) for size in (10, 11)), call(t(4, 6), [0, 1], 2, 10), tolerance=CLOSE),
    row("aten.fft_fftshift.default", (f32, i64, c64), *SHIFTS),
    row("aten.fft_ifftshift.default", (f32, i64, c64), *SHIFTS),
    row("aten.fft_fftfreq.default", (f32,), call(5), call(8, 0.5), call(1), call(4, 2.0, dtype=f64)),
    row("aten.fft_rfftfreq.default", (f32,), call(5), call(8, 0.5), call(1)),
    row("aten.stft.default", (f32,), call(SIGNAL, 8, 4, 8, WINDOW, return_complex=True), call(SIGNAL, 8, None, 6, t(6), True, return_complex=True), call(t(32), 7, 3, None, None, return_complex=True),
        call(SIGNAL, 8, 4, 5, None, False, False, return_complex=True), call(SIGNAL, 8, 4, 8, WINDOW, return_complex=False), tolerance=CLOSE),
    row("aten.istft.default", (c64,), call(SPECTRUM, 8, 2, None, WINDOW_HIGH), call(SPECTRUM, 8, 4, 6, t(6, dtype=f32, low=0.5, high=1), True, True), call(SPECTRUM, 8, 4, 8, WINDOW_HIGH, False),
        call(SPECTRUM, 8, 2, 8, WINDOW_HIGH, length=10), call(t(5, 9), 8), refused("both its halves", t(2, 8, 9), 8, 4, 8, WINDOW_HIGH, True, False, False), call(SPECTRUM, 8, 2, 8, WINDOW_HIGH, length=30), refused("complex numbers", t(2, 8, 9), 8, onesided=False, return_complex=True),
        tolerance=CLOSE),
    row("aten.hann_window.default", (f32,), *WINDOWS, tolerance=CLOSE),
    row("aten.hann_window.periodic", (f32,), *SHAPED, tolerance=CLOSE),
    row("aten.hamming_window.default", (f32,), *WINDOWS, tolerance=CLOSE),
    row("aten.hamming_window.periodic", (f32,), *SHAPED, tolerance=CLOSE),
    row("aten.hamming_window.periodic_alpha", (f32,), call(8, True, 0.6), call(7, False, 0.5), tolerance=CLOSE),
    row("aten.hamming_window.periodic_alpha_beta", (f32,), call(8, True, 0.6, 0.4), call(7, False, 0.5, 0.5), tolerance=CLOSE),
    row("aten.blackman_window.default", (f32,), *WINDOWS, tolerance=CLOSE),
    row("aten.blackman_window.periodic", (f32,), *SHAPED, tolerance=CLOSE),
    row("aten.bartlett_window.default", (f32,), *WINDOWS, tolerance=CLOSE),
    row("aten.bartlett_window.periodic", (f32,), *SHAPED, tolerance=CLOSE),
)  # fmt: skip
