x: f32[2, 3]
softmax(axis=1, x)
---- error
node 0 'result': a positional argument after a named one
