#include "base/dtype.h"

#include <algorithm>
#include <array>

namespace torch2mlx {
namespace {

using enum Dtype;
using DtypeKind::complex, DtypeKind::floating, DtypeKind::integer;  // not all: both enums have `boolean`

// Codes of the serde column: torch/_export/serde/schema.py, ScalarType. MLX has float64 on its CPU backend alone,
// so it counts as float32; bfloat16 holds every float8 exactly.
constexpr std::array rows{
    // dtype         kind      size torch           storage                safetensors     mlx          numpy text serde
    // as_mlx
    DtypeRow{Dtype::boolean, DtypeKind::boolean, 1, "bool", "BoolStorage", "BOOL", "bool_", "bool", "bool", 12,
             Dtype::boolean},
    DtypeRow{uint8, integer, 1, "uint8", "ByteStorage", "U8", "uint8", "uint8", "u8", 1, uint8},
    DtypeRow{uint16, integer, 2, "uint16", "", "U16", "uint16", "uint16", "u16", 28, uint16},
    DtypeRow{uint32, integer, 4, "uint32", "", "U32", "uint32", "uint32", "u32", 34, uint32},
    DtypeRow{uint64, integer, 8, "uint64", "", "U64", "uint64", "uint64", "u64", 35, uint64},
    DtypeRow{int8, integer, 1, "int8", "CharStorage", "I8", "int8", "int8", "i8", 2, int8},
    DtypeRow{int16, integer, 2, "int16", "ShortStorage", "I16", "int16", "int16", "i16", 3, int16},
    DtypeRow{int32, integer, 4, "int32", "IntStorage", "I32", "int32", "int32", "i32", 4, int32},
    DtypeRow{int64, integer, 8, "int64", "LongStorage", "I64", "int64", "int64", "i64", 5, int64},
    DtypeRow{float16, floating, 2, "float16", "HalfStorage", "F16", "float16", "float16", "f16", 6, float16},
    DtypeRow{bfloat16, floating, 2, "bfloat16", "BFloat16Storage", "BF16", "bfloat16", "", "bf16", 13, bfloat16},
    DtypeRow{float32, floating, 4, "float32", "FloatStorage", "F32", "float32", "float32", "f32", 7, float32},
    DtypeRow{float64, floating, 8, "float64", "DoubleStorage", "F64", "float64", "float64", "f64", 8, float32},
    DtypeRow{complex32, complex, 4, "complex32", "ComplexHalfStorage", "", "", "", "c32", 9, complex64},
    DtypeRow{complex64, complex, 8, "complex64", "ComplexFloatStorage", "C64", "complex64", "complex64", "c64", 10,
             complex64},
    DtypeRow{complex128, complex, 16, "complex128", "ComplexDoubleStorage", "", "", "complex128", "c128", 11,
             complex64},
    DtypeRow{float8_e4m3fn, floating, 1, "float8_e4m3fn", "", "F8_E4M3", "", "", "f8e4m3fn", 29, bfloat16},
    DtypeRow{float8_e5m2, floating, 1, "float8_e5m2", "", "F8_E5M2", "", "", "f8e5m2", 30, bfloat16},
    DtypeRow{float8_e4m3fnuz, floating, 1, "float8_e4m3fnuz", "", "F8_E4M3FNUZ", "", "", "f8e4m3fnuz", 31, bfloat16},
    DtypeRow{float8_e5m2fnuz, floating, 1, "float8_e5m2fnuz", "", "F8_E5M2FNUZ", "", "", "f8e5m2fnuz", 32, bfloat16},
    DtypeRow{float8_e8m0fnu, floating, 1, "float8_e8m0fnu", "", "F8_E8M0", "", "", "f8e8m0fnu", 33, bfloat16},
};

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows[i].dtype) != i) return false;
  return true;
}
static_assert(in_enum_order(), "row() indexes by the enumerator");

template <class Field, class Key>
std::optional<Dtype> find(Field field, const Key& key) {
  if (key == Key{}) return std::nullopt;  // an absent name matches nothing
  const auto it = std::ranges::find(rows, key, field);
  return it == rows.end() ? std::nullopt : std::optional(it->dtype);
}

}  // namespace

std::span<const DtypeRow> dtypes() { return rows; }
const DtypeRow& row(Dtype dtype) { return rows[static_cast<std::size_t>(dtype)]; }
std::optional<Dtype> dtype_from_torch(std::string_view name) { return find(&DtypeRow::torch, name); }
std::optional<Dtype> dtype_from_storage(std::string_view name) { return find(&DtypeRow::storage, name); }
std::optional<Dtype> dtype_from_safetensors(std::string_view name) { return find(&DtypeRow::safetensors, name); }
std::optional<Dtype> dtype_from_mlx(std::string_view name) { return find(&DtypeRow::mlx, name); }
std::optional<Dtype> dtype_from_text(std::string_view name) { return find(&DtypeRow::text, name); }
std::optional<Dtype> dtype_from_serde(int code) { return find(&DtypeRow::serde, code); }

}  // namespace torch2mlx
