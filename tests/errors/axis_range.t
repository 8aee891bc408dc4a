x: f32[2, 3]
aten.softmax.int(x, 2) : f32[2, 3]
---- error
node 0 'result': aten.softmax.int: axis 2 is out of range for 2 dimensions
