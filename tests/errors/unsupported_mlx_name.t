x: f32[2, 3]
softmx(x, axis=0) : f32[2, 3]
---- error
node 0 'result': softmx has no MLX lowering
