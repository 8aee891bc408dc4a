x: f32[8, 8]
w: f32[6, 4, 3, 3] = parameter "w"
aten.conv2d.default(x, w) : f32[6, 6, 6]
---- error
node 0 'result': aten.conv2d.default: needs an input of 3 or 4 dimensions, got 2
