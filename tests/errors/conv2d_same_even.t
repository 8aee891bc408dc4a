x: f32[2, 4, 8, 8]
w: f32[6, 4, 2, 2] = parameter "w"
aten.conv2d.padding(x, w, None, [1, 1], "same") : f32[2, 6, 8, 8]
---- error
node 0 'result': aten.conv2d.padding: padding='same' of an even kernel pads one side more than the other
