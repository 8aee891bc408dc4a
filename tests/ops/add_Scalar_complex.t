x: f32[2, 3]
z: c64[] = constant "z"
aten.add.Scalar(x, z) : c64[2, 3]
---- mlx
a = astype(x, dtype=c64)
add(a, z)
---- python
return x.astype(mx.complex64) + _Z
