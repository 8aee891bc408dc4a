q: f32[2, 3, 4, 8]
y, u = aten._scaled_dot_product_flash_attention_for_cpu.default(q, q, q) : f32[2, 3, 4, 8], f32[2, 3, 4]
return y
---- mlx
scaled_dot_product_attention(q, q, q, scale=0.35355339059327373)
---- python
return mx.fast.scaled_dot_product_attention(q, q, q, scale=0.35355339059327373)
