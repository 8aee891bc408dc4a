x: f32[2, 3]
softmax(x, axes=1)
---- error
node 0 'result': 'softmax' has no parameter 'axes'
