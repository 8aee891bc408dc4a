x: f32[2, 4, 8, 8]
aten.adaptive_avg_pool2d.default(x, [3, 3]) : f32[2, 4, 3, 3]
---- error
node 0 'result': aten.adaptive_avg_pool2d.default: the output size does not divide the input's, so windows differ in size
