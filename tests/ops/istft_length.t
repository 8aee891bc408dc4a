z: c64[2, 5, 9]
w: f32[8]
aten.istft.default(z, 8, 4, None, w, True, True, None, 20) : f32[2, 20]
---- mlx
istft(z, n_fft=8, hop_length=4, win_length=8, window=w, center=True, norm="ortho", onesided=True, length=20)
---- python
return mx.fft.istft(z, 8, 4, 8, w, center=True, norm="ortho", onesided=True, length=20)
