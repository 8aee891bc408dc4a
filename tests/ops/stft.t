x: f32[2, 32]
w: f32[6]
aten.stft.default(x, 8, 4, 6, w) : c64[2, 5, 7]
---- mlx
stft(x, n_fft=8, hop_length=4, win_length=6, window=w, onesided=True)
---- python
return mx.fft.stft(x, 8, 4, 6, w, center=False, onesided=True)
