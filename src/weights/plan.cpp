#include "weights/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "base/error.h"
#include "layers/names.h"
#include "read/check.h"
#include "read/made.h"
#include "weights/adapter.h"
#include "weights/arrange.h"
#include "weights/covered.h"
#include "weights/drafts.h"
#include "weights/elements.h"
#include "weights/folds.h"
#include "weights/layouts.h"
#include "weights/mlx_lm.h"
#include "weights/pack.h"
#include "weights/packed.h"
#include "weights/patterns.h"
#include "weights/shards.h"
#include "weights/twins.h"

namespace torch2mlx::weights {
namespace {

struct Target {
  Dtype dtype;
  std::string problem;
};

// Numbers of a matrix that came quantized, as if it were the plain tensor.
Fold unpacked(const PackedMatrix& matrix) {
  return {matrix.name,
          matrix.format + " dequantized",
          matrix.from,
          matrix.shape,
          matrix.parts.dtype,
          dequantized(matrix.parts, matrix.rows(), matrix.columns()),
          {},
          {}};
}

std::string module_of_weight(std::string_view key) {
  return std::string(key.substr(0, key.size() - std::string_view(".weight").size()));
}

// Do shares of both go to one parameter of mlx.nn?
bool meet(const layers::Parameter& a, const layers::Parameter& b) {
  return std::ranges::any_of(a.targets, [&](const layers::Target& target) {
    return std::ranges::find(b.targets, target.name, &layers::Target::name) != b.targets.end();
  });
}

// A source tensor, or several folded into one: what a layout is found for.
struct Source {
  const Tensor& tensor;  // name and shape as the layer has them; of a fold only these and the dtype count
  const Fold* fold = nullptr;
};

class Planner {
 public:
  Planner(const Checkpoint& checkpoint, const Options& options)
      : checkpoint_(checkpoint),
        options_(options),
        folds_(find_folds(checkpoint, options.modules)),
        tensors_(checkpoint.tensors),
        layouts_(checkpoint, tensors_, options, folds_),
        packed_(find_packed(checkpoint)),
        mlx_(is_mlx(checkpoint)),
        mlx_lm_(options.torch_layouts ? mlx_lm_row(checkpoint.config.model_type) : nullptr),
        twins_(checkpoint.tensors),
        // Address space alone: scales and biases come in between.
        drafts_(std::in_place, (options.quantize ? 3 : 1) * checkpoint.tensors.size()) {
    std::ranges::move(packed_.folds, std::back_inserter(folds_));
    if (options.quantize || options.dequantize)
      for (const PackedMatrix& matrix : packed_.matrices) {
        folds_.push_back(unpacked(matrix));
        if (matrix.shape.size() > 2) plan_.stacked.insert(matrix.name);
      }
    else
      for (const PackedMatrix& matrix : packed_.matrices)
        for (const auto& name : matrix.from) matrices_.emplace(name, &matrix);
    plan_.report.tensors.reserve(checkpoint.tensors.size());
    for (const Fold& fold : folds_)
      for (const auto& name : fold.from) folded_.emplace(name, &fold);
    for (const auto& [name, why] : packed_.dropped) dropped_.emplace(name, why);
    dtypes_matched_.resize(options.dtypes.size());
  }

  Plan run() {
    plan_.report.notes = checkpoint_.notes;
    plan_.report.problems = packed_.problems;
    for (const auto& [name, why] : checkpoint_.left_out) plan_.report.dropped.emplace_back(name, "left out by " + why);
    for (const Tensor& tensor : checkpoint_.tensors) add(tensor);
    if (!mlx_) layouts_.doubt_kernels(plan_.report.problems);
    for (std::size_t i = 0; i < dtypes_matched_.size(); ++i)
      if (!dtypes_matched_[i])
        throw Error(ErrorKind::input, fmt::format("--dtype {}", printable(options_.dtypes[i].first)),
                    "matches no tensor", "`torch2mlx inspect` lists the keys");
    for (const auto& pattern : layouts_.unmatched())
      throw Error(ErrorKind::input, fmt::format("--layer-type {}", printable(pattern)), "matches no tensor",
                  "`torch2mlx inspect` lists the keys");
    plan_.tensors = std::move(*drafts_).finish(plan_.report.problems);
    drafts_.reset();
    plan_.record.sources.sort();
    unstack();
    plan_.report.coverage = coverage_of(checkpoint_, options_, plan_.report, refused_);
    if (options_.quantize && plan_.report.problems.empty()) pack_matrices(plan_, *options_.quantize, mlx_lm_type());
    std::ranges::sort(plan_.report.quantized, {}, &QuantizedMatrix::path);
    if (mlx_) carry_record();
    check_size();
    note();
    return std::move(plan_);
  }

 private:
  void problem(const Tensor& tensor, std::string_view text) {
    const std::string_view name = tensor.name;
    const auto dot = name.rfind('.');
    refused_.emplace(name.substr(0, dot == name.npos ? 0 : dot));
    plan_.report.problems.push_back(
        fmt::format("{} [{}]: {}", printable(tensor.name), fmt::join(tensor.shape, ", "), text));
  }

  void add(const Tensor& tensor) {
    const auto it = folded_.find(tensor.name);
    // What a graph or the generated class names as it is stays as it is.
    const bool wanted =
        options_.layouts.contains(tensor.name) || (options_.keys && options_.keys->contains(named(tensor.name)));
    if (const auto dropped = dropped_.find(tensor.name); dropped != dropped_.end()) {
      plan_.report.dropped.emplace_back(tensor.name, dropped->second);
      return;
    }
    if (mlx_lm_ && std::ranges::any_of(mlx_lm_->dropped, [&](std::string_view pattern) {
          return matches(std::string(pattern), tensor.name);
        })) {
      plan_.report.dropped.emplace_back(tensor.name, "mlx-lm's model has no use for it");
      return;
    }
    if (options_.torch_layouts && !mlx_ && mlx_lm_ties(checkpoint_.config, tensor.name)) {
      plan_.report.dropped.emplace_back(tensor.name, "tied to the embedding, which mlx-lm's model holds once");
      return;
    }
    if (const auto matrix = matrices_.find(tensor.name); matrix != matrices_.end()) {
      if (matrix->second->from.front() == tensor.name) add(*matrix->second);
      return;
    }
    if (it == folded_.end() || wanted) return add(Source{tensor});
    const Fold& fold = *it->second;
    if (fold.from.front() != tensor.name) return;  // said with the first of them
    Tensor folded = tensor;
    folded.name = fold.name;
    folded.shape = fold.shape;
    folded.dtype = fold.dtype;
    add(Source{folded, &fold});
  }

  // Stays quantized.
  void add(const PackedMatrix& matrix) {
    const auto stack = stack_of(matrix.name);
    const std::string key = stack ? std::string(stack->name) : named(matrix.name), path = module_of_weight(key);
    if (options_.keys && !options_.keys->contains(key)) {
      plan_.report.dropped.emplace_back(matrix.name, "the model declares no such key");
      return;
    }
    if (!matrix.only_plain.empty()) {
      plan_.report.problems.push_back(fmt::format("{}: {}, {}; -d makes it plain, -q quantizes it anew",
                                                  printable(matrix.from.front()), matrix.format, matrix.only_plain));
      return;
    }
    const PackedParts& parts = matrix.parts;
    const Target target = target_dtype(matrix.name, row(parts.dtype));
    const bool affine = row(parts.quantization.mode).has_biases;
    auto words = matrix.shape;
    words.back() = words_per_row(parts.quantization, matrix.columns());
    TensorReport report{.name = matrix.from.front(),
                        .from = parts.dtype,
                        .to = Dtype::uint32,
                        .evidence = Evidence::quantization,
                        .torch_shape = matrix.shape,
                        .mlx_shape = words,
                        .how = fmt::format("{}, {}", matrix.format, describe(parts.quantization))};
    const auto put = [&](const std::string& end, const Part& part, std::int64_t columns, Dtype dtype) {
      auto shape = matrix.shape;
      shape.back() = columns;
      drafts_->add({.name = path + end, .at = stack ? stack->at : 0}, part, std::move(shape), dtype);
      report.outputs.push_back(path + end);
      if (stack) count_stack(path + end);
    };
    const std::int64_t groups = groups_per_row(parts.quantization, matrix.columns());
    put(".weight", parts.words, words.back(), Dtype::uint32);
    put(".scales", parts.scales, groups, affine ? target.dtype : Dtype::uint8);
    if (affine) put(".biases", parts.biases, groups, target.dtype);
    if (affine && parts.dtype != target.dtype) ++casts_[{parts.dtype, target.dtype}];
    if (!stack || stacks_.at(key) == 1) plan_.report.quantized.push_back({key, parts.quantization});
    SourceRecord record;
    record.quantization = parts.quantization;
    record.quantized_from = affine ? target.dtype : parts.dtype;
    if (stack)
      record.shares = {*stack}, record.shape = matrix.shape;
    else if (key != matrix.name)
      record.shares = {{.name = key}}, record.shape = matrix.shape, count_renamed(matrix.name, key);
    plan_.record.sources.put(matrix.name, std::move(record));
    if (matrix.format != "MLX") plan_.record.folded.emplace(matrix.name, matrix.from);
    ++stayed_[matrix.format];
    plan_.report.tensors.push_back(std::move(report));
  }

  std::string_view mlx_lm_type() const {
    return mlx_ || options_.torch_layouts ? std::string_view(checkpoint_.config.model_type) : std::string_view();
  }

  Target target_dtype(const std::string& key, const DtypeRow& from) {
    for (std::size_t i = 0; i < options_.dtypes.size(); ++i)
      if (!dtypes_matched_[i]) dtypes_matched_[i] = matches_key(options_.dtypes[i].first, key);
    const bool named =
        std::ranges::any_of(options_.dtypes, [&](const auto& rule) { return matches_key(rule.first, key); });
    const auto wanted = named || !mlx_lm_keeps_type(mlx_lm_type(), key) ? wanted_dtype(options_, key) : std::nullopt;
    if (wanted && from.kind == DtypeKind::floating) return {*wanted, {}};
    if (from.as_mlx != from.dtype && options_.strict_dtypes && row(from.as_mlx).size < from.size)
      return {from.as_mlx, fmt::format("{} would be narrowed to {}", from.torch, row(from.as_mlx).torch)};
    return {from.as_mlx, {}};
  }

  void add(const Source& source) {
    const Tensor& tensor = source.tensor;
    Layout layout = layouts_.find(tensor);
    if ((options_.torch_layouts && !mlx_lm_) || mlx_ || (source.fold && source.fold->part.computed())) keep(layout);
    if (mlx_) layout.evidence = Evidence::mlx;
    if (layout.dropped && !mlx_) return drop(tensor);
    if (tensor.name == "__metadata__") problem(tensor, "the name is reserved in safetensors files");
    plan_.ambiguous |= layout.ambiguous;
    if (const auto scale = scale_beside(tensor, tensors_); !scale.empty())
      problem(tensor,
              fmt::format("{} with scales ({}), a quantized format that is not known", row(tensor.dtype).torch, scale));
    const auto target = target_dtype(tensor.name, row(tensor.dtype));
    std::string wrong = layout.problem;
    if (wrong.empty()) wrong = arrangement_problem(tensor.shape, layout.permute, layout.groups);
    const auto shares = shares_of(tensor, layout, wrong);
    if (!declared(shares) && !twin(source, layout, shares)) {
      plan_.report.dropped.emplace_back(tensor.name, "the model declares no such key");
      return;
    }
    if (!target.problem.empty()) problem(tensor, target.problem);
    if (!wrong.empty()) return problem(tensor, wrong);
    if (source.fold) prepare(*source.fold, layout);
    emit(source, layout, target.dtype, shares);
  }

  bool declared(const std::vector<Share>& shares) const {
    return !options_.keys ||
           std::ranges::any_of(shares, [&](const Share& share) { return options_.keys->contains(share.name); });
  }

  // The models that read it rearrange it themselves.
  static void keep(Layout& layout) {
    layout.permute.clear();
    layout.groups = 1;
    layout.slot = {};
    layout.problem.clear();
    layout.ambiguous = false;
  }

  void drop(const Tensor& tensor) {
    plan_.report.dropped.emplace_back(tensor.name, "MLX's layer has no such buffer");
    if (!tensor.storage) return;
    std::int64_t value = 0;
    const std::size_t size = size_of(tensor.dtype);
    std::array<std::byte, 16> bytes{};
    read_elements(tensor, 0, 1, bytes.data());
    for (std::size_t i = 0; i < size; ++i)
      value |= static_cast<std::int64_t>(std::to_integer<std::uint64_t>(bytes[i]) << (8 * i));
    plan_.record.dropped.emplace(tensor.name, value);
  }

  // Where the table's targets put the tensor; whole and under its own name where there are none.
  std::vector<Share> shares_of(const Tensor& tensor, const Layout& layout, std::string& wrong) const {
    const auto* parameter = layout.slot.parameter;
    if (const auto stack = stack_of(tensor.name)) return {*stack};
    if (!parameter || parameter->targets.empty()) return {{.name = named(tensor.name)}};
    const auto exists = [&](const std::string& name) { return tensors_.contains(name); };
    const std::string module =
        named(module_prefix(tensor.name)) + layers::cell_prefix(layout.slot, tensor.name, exists);
    std::vector<Share> shares;
    for (const auto& target : parameter->targets) {
      shares.push_back({fmt::format("{}{}", module, target.name), target.from, target.to, target.of, target.at});
      if (tensor.shape.empty() || tensor.shape[0] % target.of != 0)
        wrong = fmt::format("cannot be split in {} along its first axis", target.of);
    }
    return shares;
  }

  // The key in the output, which MLX's models and mlx-lm's say themselves.
  std::string named(std::string_view key) const {
    if (mlx_lm_) return mlx_lm_name(*mlx_lm_, key);
    return options_.torch_layouts || mlx_ ? std::string(key) : layers::mlx_key(key);
  }

  void count_renamed(std::string_view key, std::string_view made) {
    if (!mlx_lm_ && renamed_++ == 0) first_renamed_ = fmt::format("{} is {}", printable(key), printable(made));
  }

  // Experts' matrices behind each other, which `unstack` makes an axis of.
  std::optional<Share> stack_of(const std::string& key) const {
    return options_.torch_layouts && !mlx_ ? mlx_lm_stack(checkpoint_.config.model_type, key) : std::nullopt;
  }

  void count_stack(const std::string& name) {
    ++stacks_[name];
    plan_.stacked.insert(name);
  }

  void unstack() {
    for (Planned& planned : plan_.tensors) {
      const auto it = stacks_.find(planned.name);
      if (it == stacks_.end() || !plan_.report.problems.empty()) continue;
      std::vector<std::int64_t> shape = planned.shape;
      shape[0] /= it->second;
      shape.insert(shape.begin(), it->second);
      planned.shape = shape;
    }
  }

  void prepare(const Fold& fold, const Layout& layout) {
    if (!fold.prepare) return;
    std::size_t axis = fold.axes.empty() ? 0 : fold.axes.front();
    // torch takes axis 1 of transposed convolutions, axis 0 of all others.
    if (fold.axes.size() > 1) axis = layout.slot.parameter && layout.slot.parameter->grouped ? 1 : 0;
    plan_.prepare.push_back([compute = fold.prepare, axis] { compute(axis); });
  }

  void emit(const Source& source, const Layout& layout, Dtype dtype, std::vector<Share> shares) {
    const Tensor& tensor = source.tensor;
    const std::vector<int>& permute = layout.permute;
    const Sizes shape = arranged_shape(tensor, layout);
    TensorReport report{.name = tensor.name,
                        .from = tensor.dtype,
                        .to = dtype,
                        .evidence = layout.evidence,
                        .torch_shape = tensor.shape,
                        .mlx_shape = shape,
                        .permutation = permutations_(permute),
                        .layer = layers_(layout.layer)};
    if (const auto* first = twin(source, layout, shares)) {
      plan_.record.tied.emplace(tensor.name, *first);
      report.outputs = {named(*first)};
      report.how = fmt::format("the same elements as {}", std::string_view(*first));
      plan_.report.tensors.push_back(std::move(report));
      return;
    }
    if (dtype != tensor.dtype) ++casts_[{tensor.dtype, dtype}];
    const bool same_name = shares.size() == 1 && shares[0].name == tensor.name && shares[0].of == 1;
    if (!same_name)
      for (const Share& share : shares) report.outputs.push_back(share.name);
    if (const auto made = named(tensor.name); made != std::string_view(tensor.name)) count_renamed(tensor.name, made);
    std::vector<Share> pieces;
    for (const Share& share : shares) std::ranges::move(drafts_->cut(share), std::back_inserter(pieces));
    shares = std::move(pieces);
    for (Share& share : shares) place(source, layout, dtype, shape, share);
    if (source.fold) {
      report.how = source.fold->kind;
      plan_.record.folded.emplace(tensor.name, source.fold->from);
    }
    if (std::ranges::any_of(shares, &Share::added)) report.how = "added to what is there";
    SourceRecord record;
    record.permute = report.permutation;
    plan_.report.tensors.push_back(std::move(report));
    record.groups = layout.groups;
    if (!same_name) record.shares = std::move(shares);
    if (!same_name || layout.groups != 1) record.shape = tensor.shape;
    if (dtype != tensor.dtype) record.dtype = tensor.dtype;
    if (!record.plain()) plan_.record.sources.put(tensor.name, std::move(record));
  }

  // The first tensor of the same elements in the same layout; nullptr where this one is the first.
  const Text* twin(const Source& source, const Layout& layout, const std::vector<Share>& shares) {
    const Tensor& t = source.tensor;
    if (source.fold || stack_of(t.name) || shares.empty() || t.elements() == 0 || !t.storage) return nullptr;
    const Text* first = twins_.first_of(t, layout);
    return first && meets_twins(t, *first, layout) ? first : nullptr;
  }

  // Of parameters that are added up, as the biases of recurrent layers are: are the others the same elements too?
  bool meets_twins(const Tensor& tensor, std::string_view first, const Layout& layout) const {
    const auto* parameter = layout.slot.parameter;
    const auto* row = parameter && !parameter->targets.empty() ? layers::find(layout.layer) : nullptr;
    if (!row) return true;
    const auto tensor_at = [&](std::string_view key, const layers::Parameter& other) {
      const std::string_view name = other.name.substr(0, other.name.size() - (other.name.ends_with('#') ? 1 : 0));
      return tensors_.find(fmt::format("{}{}{}", module_prefix(key), name, layout.slot.cell));
    };
    return std::ranges::all_of(row->parameters, [&](const layers::Parameter& other) {
      if (&other == parameter || !meet(*parameter, other)) return true;
      const Tensor *own = tensor_at(tensor.name, other), *theirs = tensor_at(first, other);
      return tensor_at(first, *parameter) == tensors_.find(first) &&
             (own == theirs || (own && theirs && same_elements(*own, *theirs)));
    });
  }

  Sizes arranged_shape(const Tensor& tensor, const Layout& layout) {
    if (layout.permute.empty()) return tensor.shape;
    return shapes_(weights::arranged_shape(tensor.shape, layout.permute, layout.groups));
  }

  // `shape`: of the whole, arranged.
  void place(const Source& source, const Layout& layout, Dtype dtype, Sizes shape, Share& share) {
    if (stack_of(source.tensor.name)) count_stack(share.name);
    Part part = source.fold ? source.fold->part : Part::of(source.tensor);
    if (!part.computed() && (share.of != 1 || !layout.permute.empty())) {
      std::vector<Tensor> terms(part.terms().begin(), part.terms().end());
      for (Tensor& term : terms) {
        term = arranged(term, layout.permute, layout.groups);
        term.name = {};  // nobody asks a part for it
        if (share.of != 1) {
          const std::int64_t unit = term.shape[0] / share.of;
          term = rows_of(term, share.from * unit, share.to * unit);
          shape = with_rows(shape, term.shape[0]);
        }
        term.shape = shapes_(term.shape);
        term.strides = shapes_(term.strides);
      }
      part = terms.size() > 1 ? Part(part.combine(), std::move(terms))
                              : Part::of(plan_.terms.emplace_back(std::move(terms.front())));
    }
    share.added = drafts_->add(share, std::move(part), std::move(shape), dtype);
  }

  void carry_record() {
    const auto text = checkpoint_.metadata.find("torch2mlx");
    plan_.recorded = text != checkpoint_.metadata.end();
    if (plan_.recorded) plan_.record = carried(record_from_json(text->second, "__metadata__, torch2mlx"), plan_.record);
  }

  // Tensors with stride 0 or on shared storage may ask for far more than the file holds: codes of 4 bits for 8 times.
  void check_size() {
    std::vector<const Storage*> storages;
    std::uint64_t input = 0, output = 0;
    constexpr std::uint64_t slack = 256 << 20;
    for (const Tensor& tensor : checkpoint_.tensors)
      if (tensor.storage && (storages.empty() || storages.back() != tensor.storage.get()))
        storages.push_back(tensor.storage.get());
    std::ranges::sort(storages);
    const auto repeated = std::ranges::unique(storages);
    storages.erase(repeated.begin(), repeated.end());
    for (const Storage* storage : storages) input += storage->made ? storage->made->bytes() : storage->bytes.size();
    for (const PackedMatrix& matrix : packed_.matrices)
      input += static_cast<std::uint64_t>(matrix.rows() * matrix.columns());
    for (const Planned& planned : plan_.tensors) {
      const auto bytes = static_cast<long double>(size_of(planned.dtype)) *
                         static_cast<long double>(planned.parts.empty() ? 0 : planned.parts.front().elements());
      if (bytes > static_cast<long double>(8 * input + slack) - static_cast<long double>(output))
        throw Error(ErrorKind::input, checkpoint_.path.filename().string(),
                    fmt::format("{} bytes of storage would become far more", input));
      output += static_cast<std::uint64_t>(bytes);
    }
  }

  void note() {
    for (const auto& [types, count] : casts_)
      plan_.report.notes.push_back(fmt::format("{} {} tensor{} stored as {}", count, row(types.first).torch,
                                               count == 1 ? "" : "s", row(types.second).torch));
    const auto count = [&](std::size_t n, std::string_view what) {
      if (n != 0) plan_.report.notes.push_back(fmt::format("{} tensor{} {}", n, n == 1 ? "" : "s", what));
    };
    count(plan_.record.tied.size(), "tied to others, written once");
    count(plan_.record.folded.size(), "computed from several; restore gives the plain weight");
    if (renamed_ != 0)
      plan_.report.notes.push_back(fmt::format("{} tensor{} renamed, as MLX has no parameters of such names: {}",
                                               renamed_, renamed_ == 1 ? "" : "s", first_renamed_));
    for (const auto& [format, number] : stayed_) count(number, fmt::format("quantized by {} already, kept so", format));
    if (options_.dequantize && packed_.matrices.empty()) plan_.report.notes.push_back("nothing was quantized");
  }

  const Checkpoint& checkpoint_;
  const Options& options_;
  std::vector<Fold> folds_;
  const Index tensors_;
  Layouts layouts_;
  Packed packed_;
  const bool mlx_;  // names and layouts are MLX's
  const MlxLmRow* mlx_lm_;
  std::map<std::string, const PackedMatrix*> matrices_;
  std::map<std::string, std::string> dropped_;
  std::set<std::string, std::less<>> refused_;  // modules with a tensor that is a problem
  std::map<std::string, std::size_t> stayed_;   // quantized matrices by format
  std::vector<bool> dtypes_matched_;
  std::map<std::string, const Fold*> folded_;
  Twins twins_;
  std::optional<Drafts> drafts_;  // until all outputs are complete
  Plan plan_;
  Pool<Sizes> shapes_;
  Pool<Shared<int>> permutations_;
  Pool<Text> layers_;
  std::map<std::pair<Dtype, Dtype>, int> casts_;
  std::size_t renamed_ = 0;  // and the first of them
  std::string first_renamed_;
  std::map<std::string, std::int64_t> stacks_;  // outputs that experts make together, and how many
};

}  // namespace

Plan plan(const Checkpoint& checkpoint, const Options& options, const std::string& file) {
  if (is_mlx(checkpoint) && !options.dtype && options.dtypes.empty() && !options.quantize && !options.dequantize)
    throw Error(ErrorKind::input, checkpoint.path.filename().string(), "is in MLX's layout already",
                "`torch2mlx restore` turns it back into PyTorch's; --dtype, -q and -d change its types");
  if (!options.adapter) require_model(checkpoint);
  if (options.torch_layouts && options.quantize && mlx_lm_wants_plain(checkpoint.config.model_type))
    throw Error(ErrorKind::unsupported, "--layout mlx-lm -q",
                fmt::format("mlx-lm's {} takes plain weights alone", printable(checkpoint.config.model_type)),
                "convert without -q, then quantize the result with mlx_lm.convert");
  // What the planner looks names up in is gone before the files are laid out: tensors may be many.
  Plan made = Planner(checkpoint, options).run();
  if (!made.report.problems.empty()) return made;
  assign_files(made, file, options.shard_bytes);
  for (const PlannedFile& planned : made.files) {
    made.report.files.push_back(planned.name);
    made.report.bytes += planned.size;
  }
  return made;
}

std::optional<Dtype> wanted_dtype(const Options& options, std::string_view key) {
  const auto& rules = options.dtypes;
  const auto last =
      std::find_if(rules.rbegin(), rules.rend(), [&](const auto& rule) { return matches_key(rule.first, key); });
  return last == rules.rend() ? options.dtype : last->second;
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
