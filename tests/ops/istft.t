z: c64[2, 5, 9]
w: f32[8]
aten.istft.default(z, 8, 4, None, w) : f32[2, 32]
---- mlx
istft(z, n_fft=8, hop_length=4, win_length=8, window=w, center=True, onesided=True)
---- python
return mx.fft.istft(z, 8, 4, 8, w, center=True, norm="backward", onesided=True, length=None)
