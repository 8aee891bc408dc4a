// Element types: one row a dtype, every name it goes by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace torch2mlx {

enum class Dtype : std::uint8_t {
  boolean,
  uint8,
  uint16,
  uint32,
  uint64,
  int8,
  int16,
  int32,
  int64,
  float16,
  bfloat16,
  float32,
  float64,
  complex32,
  complex64,
  complex128,
  float8_e4m3fn,
  float8_e5m2,
  float8_e4m3fnuz,
  float8_e5m2fnuz,
  float8_e8m0fnu,
};

enum class DtypeKind : std::uint8_t { boolean, integer, floating, complex };

struct DtypeRow {
  Dtype dtype;
  DtypeKind kind;
  std::uint8_t size;             // bytes an element
  std::string_view torch;        // "float32": torch.float32, and GLOBAL 'torch float32' in pickles
  std::string_view storage;      // "FloatStorage", empty where torch has no typed storage
  std::string_view safetensors;  // "F32", empty where the format has none
  std::string_view mlx;          // mlx.core name, empty where MLX has none
  std::string_view numpy;        // NumPy name, empty where it has none
  std::string_view text;         // short name of the graph's text form: "f32"
  int serde;                     // torch/_export/serde/schema.py ScalarType code, 0 where none
  Dtype as_mlx;                  // what MLX holds it as (itself, or the narrower type it becomes)
};

std::span<const DtypeRow> dtypes();
const DtypeRow& row(Dtype dtype);
std::optional<Dtype> dtype_from_torch(std::string_view name);
std::optional<Dtype> dtype_from_storage(std::string_view name);
std::optional<Dtype> dtype_from_safetensors(std::string_view name);
std::optional<Dtype> dtype_from_mlx(std::string_view name);
std::optional<Dtype> dtype_from_text(std::string_view name);
std::optional<Dtype> dtype_from_serde(int code);

inline std::size_t size_of(Dtype dtype) { return row(dtype).size; }
inline bool is_floating(Dtype dtype) { return row(dtype).kind == DtypeKind::floating; }

}  // namespace torch2mlx
