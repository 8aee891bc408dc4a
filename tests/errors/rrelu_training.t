x: f32[2, 3]
n: f32[2, 3]
y0, y1 = aten.rrelu_with_noise_functional.default(x, n, 0.125, 0.375, True) : f32[2, 3], f32[2, 3]
return y0
---- error
node 0 'y0': aten.rrelu_with_noise_functional.default: rrelu is training; call model.eval() first
