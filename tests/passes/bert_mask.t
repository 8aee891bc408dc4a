# pass: identities cse fold_constants fold_gathers fold_constants drop_broadcasts identities cse dce merge_index dce
# The padding mask as transformers builds it: mask[arange(B), arange(L)] over all of its elements, & true, expanded.
symbol s43: 1..64
symbol s72: 1..64
symbol s53: 1..512
q: f32[s72, 12, s53, 32]
ids: i64[s72, s53]
attention_mask: i64[s43, s53]
b = shape(ids, axis=0)
l = shape(attention_mask, axis=1)
m = astype(attention_mask, dtype=bool)
rows = arange(start=0, stop=b, step=1, dtype=i64)
columns = arange(start=0, stop=l, step=1, dtype=i64)
queries = arange(start=0, stop=l, step=1, dtype=i64)
queries_ = add(queries, 0)
r0 = slice(rows, axis=0, start=0, stop=9223372036854775807, step=1) : i64[s72]
r1 = expand_dims(r0, axis=1)
r2 = expand_dims(r1, axis=2)
r3 = expand_dims(r2, axis=3)
q0 = expand_dims(queries_, axis=0)
q1 = expand_dims(q0, axis=1)
q2 = expand_dims(q1, axis=3)
c0 = expand_dims(columns, axis=0)
c1 = expand_dims(c0, axis=1)
c2 = expand_dims(c1, axis=2)
one = full(shape=(), value=True, dtype=bool)
ge = greater_equal(q2, 0)
and1 = logical_and(one, ge)
index = gather(m, [r3, c2], axes=(0, 1))
and2 = logical_and(and1, index)
mask = broadcast_to(and2, shape=(b, 1, l, l))
out = scaled_dot_product_attention(q, q, q, scale=0.17, mask=mask)
return out
---- after
symbol s43: 1..64
symbol s72: 1..64
symbol s53: 1..512
q: f32[s72, 12, s53, 32]
ids: i64[s72, s53]
attention_mask: i64[s43, s53]
b = shape(ids, axis=0)
m = astype(attention_mask, dtype=bool)
i = index(m, items=((None, b, None), None, None)) : bool[s72, 1, 1, s53]
out = scaled_dot_product_attention(q, q, q, scale=0.17, mask=i)
return out
