x: f32[2, 3]
aten.dropout.default(x, 0.5, False) : f32[2, 3] @ drop <torch.nn.modules.dropout.Dropout>
---- mlx
dropout(x, p=0.5) @ drop <torch.nn.modules.dropout.Dropout>
---- python
return self.drop(x)
