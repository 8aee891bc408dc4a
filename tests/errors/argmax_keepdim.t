x: f32[2, 3]
aten.argmax.default(x, None, True) : i64[1, 1]
---- error
node 0 'result': aten.argmax.default: keepdim without a dim
