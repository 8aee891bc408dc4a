x: i64[2]
aten.bitwise_not.default(x) : i64[2]
---- error
node 0 'result': aten.bitwise_not.default: bitwise not of integers has no MLX form yet
