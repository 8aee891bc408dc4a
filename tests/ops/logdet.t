a: f32[3, 3]
aten.logdet.default(a) : f32[]
---- error
graph: the text of the graph reads back as another:
a: f32[3, 3]
slogdet, slogdet_2 = slogdet(a) : f32[], f32[]
less = less(slogdet, 0) : bool[]
where = where(less, nan, slogdet_2) : f32[]
return where

