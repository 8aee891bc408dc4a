# Packed projections of nn.MultiheadAttention with batch first: no transpose is left but those of the heads.
symbol s28: 0..
symbol s98: 0..
src: f32[s28, s98, 32]
w: f32[96, 32] = parameter "w"
b = shape(src, axis=0)
l = shape(src, axis=1)
t = transpose(src, axes=(1, 0, 2))
lin = linear(t, w)
r = reshape(lin, shape=(l, b, 3, 32)) : f32[s98, s28, 3, 32]
e = expand_dims(r, axis=0)
tt = transpose(e, axes=(3, 1, 2, 0, 4))
s = squeeze(tt, axis=3)
q0 = select(s, axis=0, index=0)
q1 = reshape(q0, shape=(l, b, 4, 8)) : f32[s98, s28, 4, 8]
q = transpose(q1, axes=(1, 2, 0, 3))
k0 = select(s, axis=0, index=1)
k1 = reshape(k0, shape=(l, b, 4, 8)) : f32[s98, s28, 4, 8]
k = transpose(k1, axes=(1, 2, 0, 3))
o = scaled_dot_product_attention(q, k, k, scale=0.5)
t2 = transpose(o, axes=(2, 0, 1, 3))
r2 = reshape(t2, shape=(l, b, 32)) : f32[s98, s28, 32]
t3 = transpose(r2, axes=(1, 0, 2))
return t3
---- after
src: f32[s28, s98, 32]
w: f32[96, 32] = parameter "w"
b = shape(src, axis=0)
l = shape(src, axis=1)
lin_20 = linear(src, w)
r_21 = reshape(lin_20, shape=[b, l, 3, 32])
e_22 = expand_dims(r_21, axis=0)
s_23 = squeeze(e_22, axis=0)
q0_24 = select(s_23, axis=2, index=0)
q1_25 = reshape(q0_24, shape=[b, l, 4, 8])
k0_26 = select(s_23, axis=2, index=1)
k1_27 = reshape(k0_26, shape=[b, l, 4, 8])
transpose = transpose(q1_25, axes=[0, 2, 1, 3])
transpose_29 = transpose(k1_27, axes=[0, 2, 1, 3])
o = scaled_dot_product_attention(transpose, transpose_29, transpose_29, scale=0.5)
transpose_30 = transpose(o, axes=[0, 2, 1, 3])
r2_31 = reshape(transpose_30, shape=[b, l, 32])
return r2_31
