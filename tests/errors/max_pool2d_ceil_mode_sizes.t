symbol s0: 4..64
x: f32[2, 4, s0, 9]
aten.max_pool2d.default(x, [2, 2], [2, 2], [0, 0], [1, 1], True) : f32[2, 4, floordiv(s0 + 1, 2), 5]
---- error
node 0 'result': aten.max_pool2d.default: ceil_mode over an axis whose size is not constant
