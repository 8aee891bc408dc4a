#include "run/mlxfn_streams.h"

#include <fmt/format.h>
#include <mlx/fast_primitives.h>
#include <mlx/mlx.h>
#include <mlx/primitives.h>

#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.h"
#include "base/mapped_file.h"

namespace torch2mlx::run {
namespace {

namespace mx = mlx::core;

// A walk over the bytes of a file; every step is checked against its end.
class Cursor {
 public:
  Cursor(std::span<const std::byte> bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  void skip(std::uint64_t count) {
    if (count > bytes_.size() - at_) fail("ends in the midst of a function");
    at_ += count;
  }
  template <class T>
  T read() {
    T value;
    const std::uint64_t from = at_;
    skip(sizeof(T));
    std::memcpy(&value, bytes_.data() + from, sizeof(T));
    return value;
  }
  std::string text() {
    const auto size = read<std::uint64_t>();
    const std::uint64_t from = at_;
    skip(size);
    return {reinterpret_cast<const char*>(bytes_.data() + from), size};
  }
  std::uint64_t at() const { return at_; }
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorKind::input, fmt::format("{}: byte {}", name_, at_), why);
  }
  const std::string& name() const { return name_; }

 private:
  std::span<const std::byte> bytes_;
  std::string name_;
  std::uint64_t at_ = 0;
};

template <class T, class = void>
inline constexpr bool iterable = false;
template <class T>
inline constexpr bool iterable<T, std::void_t<decltype(std::declval<T>().begin())>> = true;
template <template <class...> class Template, class T>
inline constexpr bool instance_of = false;
template <template <class...> class Template, class... T>
inline constexpr bool instance_of<Template, Template<T...>> = true;

template <class T>
void pass(Cursor& file);

template <class T>
void pass_all(Cursor& file) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (pass<std::decay_t<std::tuple_element_t<I, T>>>(file), ...);
  }(std::make_index_sequence<std::tuple_size_v<T>>{});
}

// The tag of a variant (int, float, bool in mlx/export.cpp) and its value.
void pass_variant(Cursor& file) {
  const auto kind = file.read<std::int32_t>();
  if (kind < 0 || kind > 2) file.fail("a value of no known kind");
  file.skip(kind == 2 ? 1 : 4);
}

// Goes past a value of this type, as MLX writes it.
template <class T>
void pass(Cursor& file) {
  if constexpr (std::is_same_v<T, std::nullptr_t>) {
  } else if constexpr (std::is_arithmetic_v<T>) {
    file.skip(sizeof(T));
  } else if constexpr (std::is_enum_v<T>) {
    file.skip(sizeof(std::int32_t));
  } else if constexpr (std::is_same_v<T, mx::Dtype>) {
    file.skip(sizeof(std::int32_t) + 1);
  } else if constexpr (std::is_same_v<T, std::string>) {
    file.text();
  } else if constexpr (instance_of<std::optional, T>) {
    if (file.read<bool>()) pass<typename T::value_type>(file);
  } else if constexpr (instance_of<std::variant, T>) {
    pass_variant(file);
  } else if constexpr (instance_of<std::pair, T> || instance_of<std::tuple, T>) {
    pass_all<T>(file);
  } else {
    static_assert(iterable<T>, "MLX writes no such value");
    for (auto n = file.read<std::uint64_t>(); n > 0; --n) pass<std::decay_t<typename T::value_type>>(file);
  }
}

// What a primitive writes of itself follows from the type of its state(), which MLX's headers tell.
template <class P>
void pass_state(Cursor& file) {
  if constexpr (requires(const P& p) { p.state(); })
    pass<std::decay_t<decltype(std::declval<const P&>().state())>>(file);
}

struct Row {
  std::string_view name;
  void (*pass)(Cursor&);
};

#define ROW(name) {#name, pass_state<mx::name>}
#define FAST(name) {#name, pass_state<mx::fast::name>}
// The primitives that mlx/export.cpp writes, by the names it writes.
constexpr Row primitives[] = {ROW(Abs),           ROW(Add),
                              ROW(AddMM),         ROW(Arange),
                              ROW(ArcCos),        ROW(ArcCosh),
                              ROW(ArcSin),        ROW(ArcSinh),
                              ROW(ArcTan),        ROW(ArcTan2),
                              ROW(ArcTanh),       ROW(ArgPartition),
                              ROW(ArgReduce),     ROW(ArgSort),
                              ROW(AsType),        ROW(AsStrided),
                              ROW(BitwiseBinary), ROW(BlockMaskedMM),
                              ROW(Broadcast),     ROW(BroadcastAxes),
                              ROW(Ceil),          ROW(Concatenate),
                              ROW(Conjugate),     ROW(Convolution),
                              ROW(Copy),          ROW(Cos),
                              ROW(Cosh),          ROW(Depends),
                              ROW(Divide),        ROW(DivMod),
                              ROW(DynamicSlice),  ROW(DynamicSliceUpdate),
                              ROW(Equal),         ROW(Erf),
                              ROW(ErfInv),        ROW(Exp),
                              ROW(Expm1),         ROW(ExpandDims),
                              ROW(FFT),           ROW(Flatten),
                              ROW(Floor),         ROW(Full),
                              ROW(Gather),        ROW(GatherAxis),
                              ROW(GatherMM),      ROW(Greater),
                              ROW(GreaterEqual),  ROW(Hadamard),
                              ROW(Imag),          ROW(Less),
                              ROW(LessEqual),     ROW(Log),
                              ROW(Log1p),         ROW(LogicalNot),
                              ROW(LogicalAnd),    ROW(LogicalOr),
                              ROW(LogAddExp),     ROW(LogSumExp),
                              ROW(MaskedScatter), ROW(Matmul),
                              ROW(Maximum),       ROW(Minimum),
                              ROW(Multiply),      ROW(Negative),
                              ROW(NotEqual),      ROW(NumberOfElements),
                              ROW(Pad),           ROW(Partition),
                              ROW(Power),         ROW(QuantizedMatmul),
                              ROW(GatherQMM),     ROW(RandomBits),
                              ROW(Real),          ROW(Remainder),
                              ROW(Reshape),       ROW(Reduce),
                              ROW(Round),         ROW(Scan),
                              ROW(Scatter),       ROW(ScatterAxis),
                              ROW(SearchSorted),  ROW(Select),
                              ROW(Sigmoid),       ROW(Sign),
                              ROW(Sin),           ROW(Sinh),
                              ROW(Slice),         ROW(SliceUpdate),
                              ROW(Softmax),       ROW(Sort),
                              ROW(Split),         ROW(Square),
                              ROW(Squeeze),       ROW(Sqrt),
                              ROW(StopGradient),  ROW(Subtract),
                              ROW(Tan),           ROW(Tanh),
                              ROW(View),          ROW(Transpose),
                              ROW(Unflatten),     ROW(QRF),
                              ROW(SVD),           ROW(Inverse),
                              ROW(Cholesky),      ROW(Eig),
                              ROW(Eigh),          FAST(Quantize),
                              FAST(RMSNorm),      FAST(RMSNormVJP),
                              FAST(LayerNorm),    FAST(LayerNormVJP),
                              FAST(RoPE),         FAST(ScaledDotProductAttention),
                              FAST(CustomKernel)};
#undef ROW
#undef FAST

class File {
 public:
  explicit File(Cursor& file) : file_(file) {}

  std::vector<StreamPlace> streams() {
    if (const std::string version = file_.text(); version != mx::version())
      throw Error(ErrorKind::unsupported, file_.name(),
                  fmt::format("written by MLX {}, this is {}", printable(version, 20), mx::version()));
    const auto count = file_.read<std::int32_t>();
    pass<bool>(file_);         // shapeless
    pass<std::string>(file_);  // metadata
    for (int i = 0; i < count; ++i) function();
    return std::move(streams_);
  }

 private:
  using Ids = std::vector<std::uint64_t>;

  void function() {
    pass<std::vector<std::string>>(file_);  // keywords
    std::set<std::uint64_t> inputs;
    for (auto n = file_.read<std::uint64_t>(); n > 0; --n) inputs.insert(file_.read<std::uint64_t>());
    for (auto n = file_.read<std::uint64_t>(); n > 0; --n) pass<std::pair<mx::Shape, mx::Dtype>>(file_);
    pass<Ids>(file_);  // outputs
    for (auto n = file_.read<std::uint64_t>(); n > 0; --n) entry();
  }

  // One array of the tape: a primitive's result, a constant, or an input.
  void entry() {
    const auto id = file_.read<std::uint64_t>();
    if (file_.read<bool>()) return primitive();
    if (!file_.read<bool>() || !constants_.insert(id).second) return;
    std::uint64_t elements = 1;
    for (auto n = file_.read<std::uint64_t>(); n > 0; --n)
      elements *= static_cast<std::uint64_t>(file_.read<std::int32_t>());
    pass<mx::Dtype::Val>(file_);
    file_.skip(elements * file_.read<std::uint8_t>());
  }

  void primitive() {
    pass<Ids>(file_);  // operands
    StreamPlace place;
    place.index = file_.read<std::int32_t>();
    place.offset = file_.at();
    place.device = file_.read<std::int32_t>();
    pass<std::int32_t>(file_);  // number of the device
    place.primitive = file_.text();
    const auto* row = std::ranges::find(primitives, place.primitive, &Row::name);
    if (row == std::end(primitives))
      throw Error(ErrorKind::unsupported, file_.name(),
                  fmt::format("'{}' is no primitive whose form is known", printable(place.primitive, 60)));
    row->pass(file_);
    streams_.push_back(std::move(place));
    if (file_.read<std::uint64_t>() == 0) return pass<std::pair<mx::Shape, mx::Dtype>>(file_);
    pass<Ids>(file_);
    pass<std::vector<mx::Shape>>(file_);
    pass<std::vector<mx::Dtype>>(file_);
  }

  Cursor& file_;
  std::set<std::uint64_t> constants_;
  std::vector<StreamPlace> streams_;
};

}  // namespace

std::vector<StreamPlace> streams_of(const std::filesystem::path& path) {
  const auto mapped = MappedFile::open(path);
  Cursor cursor(mapped->bytes(), path.filename().string());
  return File(cursor).streams();
}

void move_to_gpu(const std::filesystem::path& path, std::int32_t index) {
  constexpr std::int32_t gpu = static_cast<std::int32_t>(mx::Device::gpu);
  const std::vector<StreamPlace> places = streams_of(path);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  for (const StreamPlace& place : places) {
    if (place.index != index) continue;
    file.seekp(static_cast<std::streamoff>(place.offset));
    file.write(reinterpret_cast<const char*>(&gpu), sizeof gpu);
  }
  if (!file.flush()) throw Error(ErrorKind::input, path.string(), "cannot be written");
}

}  // namespace torch2mlx::run
