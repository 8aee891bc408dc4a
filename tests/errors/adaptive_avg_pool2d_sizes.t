symbol s0: 8..64
x: f32[2, 4, s0, 8]
aten.adaptive_avg_pool2d.default(x, [2, 2]) : f32[2, 4, 2, 2]
---- error
node 0 'result': aten.adaptive_avg_pool2d.default: the output size does not divide the input's, so windows differ in size
