x: f16[2]
z = aten.complex.default(x, x) : c32[2]
return z
---- error
node 0 'z': aten.complex.default: MLX has no complex32
