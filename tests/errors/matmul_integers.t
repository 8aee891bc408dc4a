x: i64[2, 3]
y: i64[3, 4]
aten.mm.default(x, y) : i64[2, 4]
---- error
node 0 'result': aten.mm.default: MLX multiplies matrices of floating point alone
