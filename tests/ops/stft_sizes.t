symbol s0: 32..4096
x: f32[2, s0]
w: f32[8]
aten.stft.default(x, 8, 4, None, w, return_complex=True) : c64[2, 5, (s0 - 8)//4 + 1]
---- mlx
stft(x, n_fft=8, hop_length=4, win_length=8, window=w, onesided=True) : c64[2, 5, floordiv(s0 - 8, 4) + 1]
---- python
return mx.fft.stft(x, 8, 4, 8, w, center=False, onesided=True)
