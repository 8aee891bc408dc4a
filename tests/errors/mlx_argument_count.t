x: f32[2, 3]
sigmoid(x, x)
---- error
node 0 'result': 'sigmoid' has no parameter for argument 2
