aten.arange.start_step(0.0, 1.0, 0.1) : f32[10]
---- error
node 0 'result': aten.arange.start_step: arange of numbers that are not integers has no MLX form yet
