x: f32[2, 8]
aten.fft_ifftshift.default(x, [1]) : f32[2, 8]
---- mlx
ifftshift(x, axes=[1])
---- python
return mx.fft.ifftshift(x, axes=(1,))
