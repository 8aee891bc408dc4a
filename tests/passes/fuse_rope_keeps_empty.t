# pass: fuse_rope
# No element is rotated where there is none.
x: f32[1, 1, 1, 0]
a = reshape(x, shape=(1, 1, 1, 1, 1, 0))
b = transpose(a, axes=(0, 1, 4, 2, 5, 3))
c = reshape(b, shape=(1, 1, 1, 0))
return c
---- after
x: f32[1, 1, 1, 0]
a = reshape(x, shape=[1, 1, 1, 1, 1, 0])
b = transpose(a, axes=[0, 1, 4, 2, 5, 3])
c = reshape(b, shape=[1, 1, 1, 0])
return c
