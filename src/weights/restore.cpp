#include "torch2mlx/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <vector>

#include "base/by_name.h"
#include "base/error.h"
#include "base/shared.h"
#include "layers/layers.h"
#include "read/check.h"
#include "weights/arrange.h"
#include "weights/folds.h"
#include "weights/packed_elements.h"
#include "weights/shards.h"
#include "weights/torch_archive.h"
#include "weights/write.h"

namespace torch2mlx {
namespace {

using namespace weights;

constexpr const char* metadata_key = "torch2mlx";

// Storage of zeros that spreads over any shape by strides of 0.
std::shared_ptr<const Storage> zeros() {
  static const auto storage = [] {
    auto bytes = std::make_shared<std::vector<std::byte>>(16);
    auto made = std::make_shared<Storage>();
    made->bytes = *bytes;
    made->owner = bytes;
    return made;
  }();
  return storage;
}

std::uint64_t elements_of(const std::vector<std::int64_t>& shape) {
  return static_cast<std::uint64_t>(std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies()));
}

Tensor scalar(const std::string& name, std::int64_t value) {
  auto number = std::make_shared<std::int64_t>(value);
  auto storage = std::make_shared<Storage>();
  storage->bytes = std::as_bytes(std::span(number.get(), 1));
  storage->owner = number;
  return {name, Dtype::int64, {}, {}, 0, std::move(storage)};
}

class Restorer {
 public:
  Restorer(const Checkpoint& checkpoint, const Options& options) : checkpoint_(checkpoint), options_(options) {
    const auto it = checkpoint.metadata.find(metadata_key);
    if (it == checkpoint.metadata.end() && options.record.empty())
      throw Error(ErrorKind::input, checkpoint.path.filename().string(), "holds no record of a conversion",
                  "name the PyTorch original: --like ORIGINAL");
    const auto known = [this](const Text& key) {
      const Tensor* tensor = stored_.find(key);
      return tensor ? tensor->name : key;
    };
    record_ = options.record.empty() ? record_from_json(it->second, "__metadata__, torch2mlx", known)
                                     : record_from_json(options.record, "the original's record", known);
    plan_.tensors.reserve(checkpoint.tensors.size() + record_.sources.sorted().size());  // address space alone
    plan_.report.tensors.reserve(plan_.tensors.capacity());
  }

  Plan run() {
    plan_.report.notes = checkpoint_.notes;
    for (const auto& [name, source] : record_.sources.sorted()) {
      for (const Share& share : source->shares) use(share.name, *source);
      if (source->shares.empty()) use(name, *source);
    }
    for (const Tensor& tensor : checkpoint_.tensors)
      if (!used_[index_of(tensor)]) add(tensor.name, {});
    for (const auto& [name, source] : record_.sources.sorted()) add(name, *source);
    for (const auto& [name, value] : record_.dropped) {
      const Part number(Combine::copy, {scalar(name, value)});
      plan_.tensors.push_back({.name = name, .dtype = Dtype::int64, .shape = {}, .parts = {number}});
    }
    tie();
    note();
    return std::move(plan_);
  }

 private:
  void problem(const std::string& name, std::string_view text) {
    plan_.report.problems.push_back(fmt::format("{}: {}", printable(name), text));
  }

  const Tensor* stored(const std::string& name) {
    if (const Tensor* tensor = stored_.find(name)) return tensor;
    if (missing_.insert(name).second) problem(name, "is missing from the file");
    return nullptr;
  }

  // Scales and biases of a quantized matrix belong to it.
  void use(const std::string& name, const SourceRecord& source) {
    use(name);
    if (!source.quantization || !name.ends_with("weight")) return;
    const std::string module = name.substr(0, name.size() - 6);
    use(module + "scales");
    use(module + "biases");
  }

  void use(const std::string& name) {
    if (const Tensor* tensor = stored_.find(name)) used_[index_of(*tensor)] = true;
  }

  std::size_t index_of(const Tensor& tensor) const {
    return static_cast<std::size_t>(&tensor - checkpoint_.tensors.data());
  }

  // A term of the plan, or the tensor in the file where it is that as it stands.
  Part whole(const Tensor& tensor, const Tensor& in_file) {
    if (tensor.offset == in_file.offset && tensor.shape == in_file.shape && tensor.strides == in_file.strides)
      return Part::of(in_file);
    Tensor& term = plan_.terms.emplace_back(tensor);
    term.name = {};  // nobody asks a part for it
    term.shape = shapes_(term.shape);
    term.strides = shapes_(term.strides);
    return Part::of(term);
  }

  void add(const Text& key, const SourceRecord& source) {
    const std::string name = key;
    const auto shares = source.shares.empty() ? std::vector{Share{.name = name}} : source.shares;
    Planned planned{.name = key, .dtype = Dtype::float32, .shape = source.shape, .parts = {}};
    for (const Share& share : shares) {
      const Tensor* tensor = stored(share.name);
      if (!tensor) return;
      const Dtype has = source.quantization ? source.quantized_from : tensor->dtype;
      const auto wanted = wanted_dtype(options_, name);
      planned.dtype = wanted && is_floating(has) ? *wanted : source.dtype.value_or(has);
      auto part = source.quantization ? dequantized(*tensor, share, source) : part_of(*tensor, share, source, name);
      if (!part) return;
      planned.parts.push_back(std::move(*part));
    }
    if (source.shape.empty()) {
      if (source.quantization) {
        std::vector<std::int64_t> plain = stored(shares[0].name)->shape;
        plain.back() = plain.back() * 32 / source.quantization->bits;
        planned.shape = shapes_(arranged_shape(plain, source.permute));
      } else {
        planned.shape = planned.parts.front().terms().front().shape;
      }
    }
    if (planned.parts.elements() != elements_of(planned.shape))
      return problem(name, "the file's shape does not fit its record");
    if (source.quantization)
      ++dequantized_;
    else if (planned.dtype != stored(shares[0].name)->dtype)
      ++cast_;
    report(planned, *stored(shares[0].name), source);
    plan_.tensors.push_back(std::move(planned));
  }

  // The expert's own matrix of a stack of them; else the tensor itself.
  static Tensor one_of(const Tensor& tensor, const Share& share, const SourceRecord& source) {
    Tensor one = tensor;
    if (source.shape.empty() || tensor.shape.size() != source.shape.size() + 1 || share.at >= tensor.shape[0])
      return one;
    one.offset += share.at * tensor.strides[0];
    one.shape = std::span(tensor.shape).subspan(1);
    one.strides = std::span(tensor.strides).subspan(1);
    return one;
  }

  std::optional<Part> dequantized(const Tensor& all_words, const Share& share, const SourceRecord& source) {
    const Quantization& how = *source.quantization;
    const std::string name = share.name, module = name.substr(0, name.size() - 6);
    const Tensor* all_scales = stored(module + "scales");
    const Tensor* all_biases = row(how.mode).has_biases ? stored(module + "biases") : nullptr;
    if (!all_scales || (row(how.mode).has_biases && !all_biases)) return std::nullopt;
    const Tensor words = one_of(all_words, share, source), scales = one_of(*all_scales, share, source);
    const auto biases = all_biases ? std::optional(one_of(*all_biases, share, source)) : std::nullopt;
    if (share.added || !packed_problem(how, words, scales, biases ? &*biases : nullptr).empty())
      return problem(share.name, "the file's shapes do not fit its record"), std::nullopt;
    const PackedParts parts{how, source.quantized_from, whole(words, all_words), whole(scales, *all_scales),
                            biases ? whole(*biases, *all_biases) : Part{}};
    const std::int64_t columns = words.shape.back() * 32 / how.bits;
    const std::int64_t rows =
        std::accumulate(words.shape.begin(), words.shape.end() - 1, std::int64_t{1}, std::multiplies());
    if (source.permute.empty()) return weights::dequantized(parts, rows, columns);
    if (source.permute != std::vector{1, 0} || words.shape.size() != 2)
      return problem(share.name, "the file's shape does not fit its record"), std::nullopt;
    return turned(parts, words.shape[0], columns);
  }

  // What a share says of its source, as torch has it; zeros where another source stands for the sum.
  std::optional<Part> part_of(const Tensor& in_file, const Share& share, const SourceRecord& source,
                              const std::string& name) {
    const Tensor tensor = one_of(in_file, share, source);
    if (share.of == 1 && !share.added) {
      if (!source.permute.empty()) {
        auto shape = source.shape;
        if (source.groups == 1 && arrangement_problem(tensor.shape, source.permute, 1).empty())
          shape = arranged_shape(tensor.shape, layers::inverse(source.permute));
        if (const auto wrong = arrangement_problem(shape, source.permute, source.groups);
            !wrong.empty() || arranged_shape(shape, source.permute, source.groups) != tensor.shape)
          return problem(name, "the file's shape does not fit its record"), std::nullopt;
      }
      return whole(restored(tensor, source.permute, source.groups), in_file);
    }
    const std::int64_t rows = source.shape.empty() ? 0 : source.shape[0];
    const std::int64_t unit = rows / share.of, count = share.to - share.from;
    std::vector<std::int64_t> expected = source.shape;
    if (!expected.empty()) expected[0] = unit * count;
    if (expected.empty() || rows % share.of != 0 || tensor.shape.size() != expected.size() ||
        tensor.shape[0] < unit * (share.at + count) ||
        !std::equal(expected.begin() + 1, expected.end(), tensor.shape.begin() + 1))
      return problem(name, "the file's shape does not fit its record"), std::nullopt;
    if (!share.added) return whole(rows_of(tensor, unit * share.at, unit * (share.at + count)), in_file);
    sums_.insert(share.name);
    return Part{Combine::copy,
                {{name, tensor.dtype, expected, std::vector<std::int64_t>(expected.size(), 0), 0, zeros()}}};
  }

  void report(const Planned& planned, const Tensor& from, const SourceRecord& source) {
    TensorReport entry{.name = planned.name,
                       .from = planned.dtype,
                       .to = from.dtype,
                       .evidence = Evidence::record,
                       .torch_shape = planned.shape,
                       .mlx_shape = from.shape,
                       .permutation = source.permute};
    if (!source.shares.empty())
      for (const Share& share : source.shares) entry.outputs.push_back(share.name);
    plan_.report.tensors.push_back(std::move(entry));
  }

  void tie() {
    if (record_.tied.empty()) return;
    const ByName made(plan_.tensors);
    std::vector<Planned> twins;
    for (const auto& [name, first] : record_.tied) {
      const Planned* one = made.find(first);
      if (!one) {
        problem(name, fmt::format("is tied to '{}', which is missing", printable(first)));
        continue;
      }
      twins.push_back(*one);
      twins.back().name = name;
      plan_.aliases.emplace(name, first);
    }
    std::ranges::move(twins, std::back_inserter(plan_.tensors));
  }

  void note() {
    const auto say = [&](std::size_t count, std::string_view text) {
      if (count != 0) plan_.report.notes.push_back(fmt::format("{} {}", count, text));
    };
    say(static_cast<std::size_t>(cast_), "tensors had another type in PyTorch: cast back, rounded as MLX had them");
    say(static_cast<std::size_t>(dequantized_), "matrices are quantized: restored as the numbers they stand for");
    say(sums_.size(), "biases are sums of two in PyTorch: the sum stands in the first, zeros in the second");
    say(record_.folded.size(), "weights had a parametrization in PyTorch: restored as the plain weight");
  }

  const Checkpoint& checkpoint_;
  const Options& options_;
  Record record_;
  const Index stored_{checkpoint_.tensors};
  std::vector<bool> used_ = std::vector<bool>(checkpoint_.tensors.size());  // of them
  std::set<std::string> missing_, sums_;
  Pool<Sizes> shapes_;
  int cast_ = 0, dequantized_ = 0;
  Plan plan_;
};

}  // namespace

Report restore(const Checkpoint& checkpoint, const std::filesystem::path& path, const Options& options) {
  auto plan = Restorer(checkpoint, options).run();
  const bool safetensors = path.extension() == ".safetensors";
  for (const Planned& planned : plan.tensors)
    if (const auto& type = row(planned.dtype); safetensors && type.safetensors.empty())
      plan.report.problems.push_back(
          fmt::format("{}: safetensors has no {}; a .pt file has", printable(planned.name), type.torch));
  require_sound(plan, checkpoint.path);
  if (safetensors)
    assign_files(plan, path.filename().string(), options.shard_bytes, "pt");
  else
    assign_archive(plan, path.filename().string());
  return write(std::move(plan), path, options, checkpoint.tensors);
}

}  // namespace torch2mlx
