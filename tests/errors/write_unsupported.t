x: f32[3]
a = aten.normal_.default(x) : f32[3]
return a
---- error
node 0 'normal_': aten.normal_.default has no MLX lowering
