x: f32[3]
a = aten.random_.from(x, 2, 5) : f32[3]
return a
---- error
node 0 'random_': aten.random_.from has no MLX lowering
