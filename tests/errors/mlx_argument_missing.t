x: f32[2, 3]
softmax(x)
---- error
node 0 'result': 'softmax' needs 'axis'
