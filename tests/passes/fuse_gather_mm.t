# pass: fuse_gather_mm dce
# Places that may count from the end are left alone.
x: f32[6, 8, 1]
y: f32[6, 1, 4]
s: f32[6]
i: i64[6]
w: f32[3, 4, 8] = parameter "experts"
o = argsort(s, axis=0) : u32[6]
p = astype(o, dtype=i64)
a = take(w, p, axis=0)
b = matmul(a, x)
c = matmul(y, a)
d = take(w, i, axis=0)
e = matmul(d, x)
return b, c, e
---- after
x: f32[6, 8, 1]
y: f32[6, 1, 4]
s: f32[6]
i: i64[6]
w: f32[3, 4, 8] = parameter "experts"
o = argsort(s, axis=0)
p = astype(o, dtype=i64)
b = gather_mm(w, x, lhs_indices=p)
c = gather_mm(y, w, rhs_indices=p)
d = take(w, i, axis=0)
e = matmul(d, x)
return b, c, e
