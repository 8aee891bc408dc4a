x: f32[2, 3]
n: int
aten.unsqueeze.default(x, n) : f32[2, 1, 3]
---- error
node 0 'result': aten.unsqueeze.default: needs a constant integer, got 'n', which is known only when the model runs
