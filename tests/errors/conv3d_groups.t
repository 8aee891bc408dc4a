x: f32[2, 4, 5, 6, 7]
w: f32[6, 2, 3, 3, 3] = parameter "w"
aten.conv3d.default(x, w, None, [1, 1, 1], [0, 0, 0], [1, 1, 1], 2) : f32[2, 6, 3, 4, 5]
---- error
node 0 'result': aten.conv3d.default: MLX has no grouped 3-d convolution
