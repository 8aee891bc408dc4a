#include "weights/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/error.h"
#include "weights/layouts.h"
#include "weights/safetensors_writer.h"

namespace torch2mlx::weights {
namespace {

bool is_float8(const DtypeRow& row) { return row.kind == DtypeKind::floating && row.size == 1; }

struct Target {
  Dtype dtype;
  std::string problem;
};

Target target_dtype(const DtypeRow& from, const Options& options) {
  // Bytes of a quantized format mean nothing without its scales.
  if (is_float8(from)) return {from.dtype, fmt::format("{} is not supported", from.torch)};
  if (options.dtype && from.kind == DtypeKind::floating) return {*options.dtype, {}};
  if (from.as_mlx != from.dtype && options.strict_dtypes && row(from.as_mlx).size < from.size)
    return {from.as_mlx, fmt::format("{} would be narrowed to {}", from.torch, row(from.as_mlx).torch)};
  return {from.as_mlx, {}};
}

std::vector<std::int64_t> permuted(const std::vector<std::int64_t>& shape, const std::vector<int>& permute) {
  if (permute.empty()) return shape;
  std::vector<std::int64_t> result;
  result.reserve(permute.size());
  for (const int axis : permute) result.push_back(shape[axis]);
  return result;
}

bool is_permutation(const std::vector<int>& permute) {
  for (int axis = 0; axis < static_cast<int>(permute.size()); ++axis)
    if (std::ranges::count(permute, axis) != 1) return false;
  return true;
}

class Planner {
 public:
  Planner(const Checkpoint& checkpoint, const Options& options)
      : checkpoint_(checkpoint), options_(options), layouts_(checkpoint, options) {}

  Plan run() {
    plan_.report.notes = checkpoint_.notes;
    for (const Tensor& tensor : checkpoint_.tensors) add(tensor);
    for (const auto& pattern : layouts_.unmatched())
      throw Error(ErrorKind::input, fmt::format("--layer-type {}", printable(pattern)), "matches no tensor",
                  "`torch2mlx inspect` lists the keys");
    // Wider types first keeps every tensor aligned to its elements; the rest of the order lets runs be copied whole.
    std::ranges::stable_sort(plan_.tensors, std::greater{}, [](const Planned& p) { return row(p.dtype).size; });
    assign_offsets();
    check_size();
    describe();
    cover();
    if (plan_.report.problems.empty()) plan_.header = safetensors_header(plan_);
    plan_.report.bytes = plan_.header.size() + plan_.data_bytes;
    return std::move(plan_);
  }

 private:
  void problem(const Tensor& tensor, std::string_view text) {
    plan_.report.problems.push_back(
        fmt::format("{} [{}]: {}", printable(tensor.name), fmt::join(tensor.shape, ", "), text));
  }

  void add(const Tensor& tensor) {
    const Layout layout = layouts_.find(tensor);
    if (options_.keys && !options_.keys->contains(tensor.name)) {
      plan_.report.dropped.emplace_back(tensor.name, "the model declares no such key");
      return;
    }
    if (layout.dropped) {
      plan_.report.dropped.emplace_back(tensor.name, "MLX's layer has no such buffer");
      return;
    }
    if (tensor.name == "__metadata__") problem(tensor, "the name is reserved in safetensors files");
    const bool valid = is_permutation(layout.permute);
    if (!layout.problem.empty() || !valid)
      problem(tensor, layout.problem.empty() ? "its layout is not a permutation of its axes" : layout.problem);
    plan_.ambiguous |= layout.ambiguous;
    const auto target = target_dtype(row(tensor.dtype), options_);
    if (!target.problem.empty()) problem(tensor, target.problem);
    if (!layout.problem.empty() || !valid) return;
    if (target.dtype != tensor.dtype) ++casts_[{tensor.dtype, target.dtype}];
    plan_.tensors.push_back({&tensor, layout.permute, target.dtype, permuted(tensor.shape, layout.permute), 0, 0});
    evidence_[tensor.name] = {layout.evidence, layout.layer};
  }

  void assign_offsets() {
    for (Planned& planned : plan_.tensors) {
      planned.offset = plan_.data_bytes;
      const std::uint64_t size = row(planned.dtype).size;
      const auto elements = static_cast<std::uint64_t>(planned.source->elements());
      if (elements > std::numeric_limits<std::int64_t>::max() / size ||
          plan_.data_bytes > std::numeric_limits<std::int64_t>::max() - elements * size)
        throw Error(ErrorKind::input, checkpoint_.path.filename().string(), "the output would exceed 8 EiB");
      planned.bytes = elements * size;
      plan_.data_bytes += planned.bytes;
    }
  }

  // Tensors with stride 0 or on shared storage may ask for far more than the file holds.
  void check_size() {
    std::set<const Storage*> seen;
    std::uint64_t input = 0;
    for (const Planned& planned : plan_.tensors)
      if (planned.source->storage && seen.insert(planned.source->storage.get()).second)
        input += planned.source->storage->bytes.size();
    constexpr std::uint64_t slack = 256 << 20;
    if (plan_.data_bytes > 4 * input + slack)
      throw Error(ErrorKind::input, checkpoint_.path.filename().string(),
                  fmt::format("{} bytes of storage would become {} bytes", input, plan_.data_bytes));
  }

  // Without a module tree, a module is what stands before the last dot of a key, and its class what its tensors told.
  void cover() {
    const auto& known = checkpoint_.modules.empty() ? options_.modules : checkpoint_.modules;
    if (!known.empty()) {
      plan_.report.coverage = layers::coverage(known);
      return;
    }
    std::map<std::string, Module> owners;
    for (const Tensor& tensor : checkpoint_.tensors) {
      const auto dot = tensor.name.rfind('.');
      Module& owner = owners[dot == std::string::npos ? "" : tensor.name.substr(0, dot)];
      const auto planned = evidence_.find(tensor.name);
      if (planned == evidence_.end()) continue;
      owner.class_name = planned->second.second.empty() ? "(class unknown)" : planned->second.second;
    }
    std::vector<Module> modules;
    modules.reserve(owners.size());
    for (auto& [path, module] : owners) modules.push_back({path, module.class_name, {}});
    plan_.report.coverage = layers::coverage(modules, [](const Module& leaf) { return !leaf.class_name.empty(); });
  }

  void describe() {
    for (const Planned& planned : plan_.tensors) {
      const auto& [evidence, layer] = evidence_.at(planned.source->name);
      plan_.report.tensors.push_back({planned.source->name, planned.source->dtype, planned.dtype, planned.source->shape,
                                      planned.shape, planned.permute, evidence, layer});
    }
    for (const auto& [types, count] : casts_)
      plan_.report.notes.push_back(fmt::format("{} {} tensor{} stored as {}", count, row(types.first).torch,
                                               count == 1 ? "" : "s", row(types.second).torch));
  }

  const Checkpoint& checkpoint_;
  const Options& options_;
  Layouts layouts_;
  Plan plan_;
  std::map<std::pair<Dtype, Dtype>, int> casts_;
  std::map<std::string_view, std::pair<Evidence, std::string>> evidence_;
};

}  // namespace

Plan plan(const Checkpoint& checkpoint, const Options& options) {
  const auto format = checkpoint.metadata.find("format");
  if (format != checkpoint.metadata.end() && format->second == "mlx")
    throw Error(ErrorKind::input, checkpoint.path.filename().string(), "is in MLX's layout already",
                "`torch2mlx restore` turns it back into PyTorch's");
  return Planner(checkpoint, options).run();
}

void require_sound(const Plan& plan, const std::filesystem::path& input) {
  const auto& problems = plan.report.problems;
  if (problems.empty()) return;
  const std::string hint =
      plan.ambiguous ? "name their layers: --layer-type 'PATTERN=Conv2d' (=Parameter keeps PyTorch's layout)" : "";
  if (problems.size() == 1) throw Error(ErrorKind::unsupported, input.filename().string(), problems.front(), hint);
  throw Error(ErrorKind::unsupported, input.filename().string(),
              fmt::format("{} tensors cannot be converted", problems.size()), hint, problems);
}

}  // namespace torch2mlx::weights
