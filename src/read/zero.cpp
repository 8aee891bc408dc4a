#include "read/zero.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "read/bytes.h"
#include "read/check.h"
#include "read/hf_folder.h"
#include "read/tiles.h"
#include "read/zero_states.h"

namespace torch2mlx {
namespace {

namespace fs = std::filesystem;

using namespace zero;

constexpr std::string_view model_end = "model_states.pt", optimizer_end = "optim_states.pt";
constexpr std::string_view give_folder = "give the folder that the files of all ranks are in";

// A file of one rank, by its name: "bf16_zero_pp_rank_3_mp_rank_00_optim_states.pt".
struct RankFile {
  std::string name;
  std::int64_t rank = -1, model_rank = -1;  // -1: not told
};

std::int64_t number_behind(std::string_view name, std::string_view mark) {
  const auto at = name.find(mark);
  if (at == name.npos) return -1;
  const std::string_view rest = name.substr(at + mark.size());
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  return error == std::errc{} ? number : -1;
}

RankFile rank_file(const std::string& name) {
  return {name, number_behind(name, "zero_pp_rank_"), number_behind(name, "mp_rank_")};
}

struct RankFiles {
  std::vector<RankFile> models, optimizers;
};

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (!entry.path().filename().string().starts_with('.')) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

// Complete and of ZeRO alone, in the order of the ranks.
void require_ranks(std::vector<RankFile>& files, std::string_view what) {
  std::ranges::sort(files, {}, &RankFile::rank);
  for (const RankFile& file : files) {
    if (file.model_rank > 0)
      throw Error(ErrorKind::unsupported, printable(file.name),
                  "a part of tensor parallelism, and the file does not tell which axes are split",
                  "merge the parts with the framework that trained the model, then convert the result");
    if (file.rank < 0 || file.model_rank < 0)
      throw Error(ErrorKind::unsupported, printable(file.name), "not a name that ZeRO gives its files");
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i > 0 && files[i].rank == files[i - 1].rank)
      refuse(printable(files[i].name),
             fmt::format("rank {} has '{}' too", files[i].rank, printable(files[i - 1].name)));
    if (files[i].rank != static_cast<std::int64_t>(i))
      refuse(fmt::format("{} of rank {}", what, i), "the file is missing",
             "copy the files of all ranks into the folder");
  }
}

RankFiles files_of(const fs::path& folder) {
  RankFiles files;
  for (const std::string& name : names_in(folder)) {
    const bool model = name.ends_with(model_end), optimizer = name.ends_with(optimizer_end);
    if (!model && !optimizer) continue;
    if (name.starts_with("layer_") || name.find("expert") != name.npos)
      throw Error(ErrorKind::unsupported, printable(name),
                  "a part of pipeline or expert parallelism, which is not joined",
                  "merge the parts with the framework that trained the model, then convert the result");
    (model ? files.models : files.optimizers).push_back(rank_file(name));
  }
  return files;
}

// Joining --------------------------------------------------------------------------------------------------------

// Rows of numbers behind each other, of which pieces are taken.
class Row {
 public:
  void add(const Tensor& flat) {
    begins_.push_back(size_);
    size_ += flat.shape[0];
    parts_.push_back(flat);
  }

  std::int64_t size() const { return size_; }

  // Adds the tiles that hold [begin, begin + count) of the row, to stand at `to` of a flat whole.
  void take(std::int64_t begin, std::int64_t count, std::int64_t to, std::vector<Tile>& tiles) const {
    auto part = static_cast<std::size_t>(std::ranges::upper_bound(begins_, begin) - begins_.begin());
    for (part = part == 0 ? 0 : part - 1; part < parts_.size() && count > 0; ++part) {
      Tensor piece = parts_[part];
      const std::int64_t from = begin - begins_[part], run = std::min(count, piece.shape[0] - from);
      if (run <= 0) continue;
      piece.offset += from * piece.strides[0];
      piece.shape = {run};
      tiles.push_back({{to}, std::move(piece)});
      begin += run;
      to += run;
      count -= run;
    }
  }

 private:
  std::vector<Tensor> parts_;
  std::vector<std::int64_t> begins_;
  std::int64_t size_ = 0;
};

Tensor flat_whole(const std::string& name, Dtype dtype, const Shape& shape, std::vector<Tile> tiles) {
  const std::string place = fmt::format("parameter '{}'", printable(name));
  Tensor tensor = joined(name, dtype, {elements_of(shape)}, std::move(tiles), place);
  if (!tensor.contiguous()) refuse(place, "its partition has gaps");
  tensor.shape = shape;
  tensor.strides = row_major(shape);
  return tensor;
}

std::int64_t rounded_up(std::int64_t value, std::int64_t to) { return (value + to - 1) / to * to; }

class Join {
 public:
  Join(std::vector<ModelStates> models, std::vector<OptimizerStates> ranks)
      : models_(std::move(models)), ranks_(std::move(ranks)) {}

  Checkpoint run() {
    require_counts();
    if (!models_[0].shapes)
      refuse(printable(models_[0].file), "no param_shapes, by which the partitions would be joined",
             "zero_to_fp32.py of the DeepSpeed that wrote it, then convert the result");
    require_named();
    if (ranks_[0].stage == 3)
      third();
    else
      for (std::size_t group = 0; group < ranks_[0].groups.size(); ++group) by_group(group);
    frozen();
    from_module();
    shared();
    return ordered();
  }

 private:
  void require_counts() const {
    const auto world = static_cast<std::int64_t>(ranks_.size());
    if (models_[0].world != 0 && models_[0].world != world)
      refuse(printable(models_[0].file), fmt::format("of {} ranks, and files of {} are there", models_[0].world, world),
             "copy the files of all ranks into the folder");
    for (const OptimizerStates& rank : ranks_) {
      if (rank.stage != ranks_[0].stage) refuse(printable(rank.file), "another stage of ZeRO than rank 0's");
      if (!rank.partitions.empty() && std::ranges::max(rank.partitions) != world)
        refuse(printable(rank.file),
               fmt::format("is one of {} partitions, and {} are there", std::ranges::max(rank.partitions), world),
               "copy the files of all ranks into the folder");
      if (rank.groups.empty() || (rank.stage < 3 && rank.groups.size() != ranks_[0].groups.size()))
        refuse(printable(rank.file),
               fmt::format("{} groups of parameters, rank 0 has {}", rank.groups.size(), ranks_[0].groups.size()));
    }
    if (ranks_[0].stage == 3 && models_.size() != 1 && models_.size() != ranks_.size())
      refuse(printable(models_.back().file),
             fmt::format("{} files of the model for {} of the optimizer", models_.size(), ranks_.size()));
  }

  // What has no elements in the module is to come from elsewhere.
  void require_named() const {
    std::set<std::string_view> named;
    std::map<std::string_view, const Shape*> shapes;
    for (const Shapes& group : *models_[0].shapes)
      for (const auto& [name, shape] : group) named.insert(name), shapes.emplace(name, &shape);
    for (const auto& [name, shape] : models_[0].frozen_shapes) named.insert(name);
    for (const auto& [name, source] : models_[0].shared) named.insert(name);
    for (const Tensor& tensor : models_[0].module) {
      const auto found = shapes.find(tensor.name);
      if (found != shapes.end() && tensor.elements() != 0 && tensor.shape != *found->second)
        refuse(printable(models_[0].file), fmt::format("'{}' is [{}], param_shapes say [{}]", printable(tensor.name),
                                                       fmt::join(tensor.shape, ", "), fmt::join(*found->second, ", ")));
      if (tensor.elements() == 0 && !named.contains(tensor.name) &&
          !models_[0].buffers.contains(std::string(tensor.name)))
        refuse(printable(models_[0].file), fmt::format("parameter '{}' is in no partition", printable(tensor.name)));
    }
  }

  void add(Tensor tensor) {
    std::string name(tensor.name);
    if (!made_.emplace(name, std::move(tensor)).second)
      refuse(fmt::format("parameter '{}'", printable(name)), "the name occurs twice");
    order_.push_back(std::move(name));
  }

  void by_group(std::size_t group) {
    const auto& shapes = *models_[0].shapes;
    if (shapes.size() != ranks_[0].groups.size())
      refuse(printable(models_[0].file),
             fmt::format("param_shapes of {} groups, {} partitions", shapes.size(), ranks_[0].groups.size()));
    Row row;
    for (const OptimizerStates& rank : ranks_) row.add(rank.groups[group]);
    std::int64_t at = 0;
    for (const auto& [name, shape] : shapes[group]) {
      const std::int64_t count = elements_of(shape);
      require_left(name, count, row.size() - at);
      std::vector<Tile> tiles;
      row.take(at, count, 0, tiles);
      add(flat_whole(name, ranks_[0].groups[group].dtype, shape, std::move(tiles)));
      at += count;
    }
    // What follows fills the partitions to a multiple of what all ranks can share.
    const auto unit = 2 * static_cast<std::int64_t>(ranks_.size());
    require_end(rounded_up(at, unit), rounded_up(row.size(), unit), fmt::format("group {}", group));
  }

  void third() {
    std::vector<Row> rows;
    for (const OptimizerStates& rank : ranks_) {
      rows.emplace_back();
      for (const Tensor& group : rank.groups) rows.back().add(group);
      if (rows.back().size() != rows[0].size())
        refuse(printable(rank.file), fmt::format("{} elements, rank 0 has {}", rows.back().size(), rows[0].size()));
    }
    std::int64_t at = 0;
    for (const Shapes& group : *models_[0].shapes)
      for (const auto& [name, shape] : group) {
        const auto world = static_cast<std::int64_t>(rows.size());
        const std::int64_t count = elements_of(shape), share = (count + world - 1) / world;
        require_left(name, share, rows[0].size() - at);
        std::vector<Tile> tiles;
        for (std::int64_t rank = 0; rank < world; ++rank)
          if (const std::int64_t own = std::min(share, count - rank * share); own > 0)
            rows[static_cast<std::size_t>(rank)].take(at, own, rank * share, tiles);
        add(flat_whole(name, ranks_[0].groups[0].dtype, shape, std::move(tiles)));
        at += share;
      }
    require_end(at, rows[0].size(), "a rank");
  }

  void require_left(const std::string& name, std::int64_t wanted, std::int64_t left) const {
    if (wanted <= left) return;
    refuse(printable(ranks_[0].file),
           fmt::format("param_shapes: '{}' takes {} elements, and {} are left in the partitions", printable(name),
                       wanted, left));
  }

  void require_end(std::int64_t used, std::int64_t all, const std::string& what) const {
    if (used == all) return;
    refuse(printable(ranks_[0].file),
           fmt::format("param_shapes take {} elements of {} of {}: some parameter is not named", used, all, what));
  }

  // Rank 0's are whole in stages 1 and 2; in stage 3 each rank has a fragment.
  void frozen() {
    for (const auto& [name, shape] : models_[0].frozen_shapes) {
      std::vector<Tile> tiles;
      const std::int64_t count = elements_of(shape);
      std::int64_t at = 0;
      Dtype dtype = Dtype::float32;
      for (const ModelStates& model : models_) {
        const auto found = model.frozen.find(name);
        if (found == model.frozen.end())
          refuse(printable(model.file), fmt::format("no fragment of the frozen parameter '{}'", printable(name)));
        Row row;
        Tensor flat = found->second;
        if (!flat.contiguous()) refuse(printable(model.file), "a fragment of a frozen parameter with gaps");
        flat.shape = {flat.elements()};
        flat.strides = {1};
        dtype = flat.dtype;
        row.add(flat);
        const std::int64_t run = std::min(row.size(), count - at);
        row.take(0, run, at, tiles);
        at += run;
      }
      add(flat_whole(name, dtype, shape, std::move(tiles)));
    }
  }

  // Buffers, and what the partitions do not hold because nothing trained it.
  void from_module() {
    for (const Tensor& tensor : models_[0].module) {
      const std::string name(tensor.name);
      if (made_.contains(name) || is_shared(name)) continue;
      add(tensor);
    }
  }

  bool is_shared(const std::string& name) const {
    return std::ranges::any_of(models_[0].shared, [&](const auto& pair) { return pair.first == name; });
  }

  void shared() {
    for (const auto& [name, source] : models_[0].shared) {
      if (made_.contains(name)) continue;
      const auto found = made_.find(source);
      if (found == made_.end())
        refuse(printable(models_[0].file),
               fmt::format("shared_params: '{}' is '{}', which is nowhere", printable(name), printable(source)));
      Tensor tensor = found->second;
      tensor.name = name;
      add(std::move(tensor));
    }
  }

  // As the module has them, where it names them.
  Checkpoint ordered() {
    Checkpoint checkpoint;
    checkpoint.format = fmt::format("DeepSpeed ZeRO-{}", ranks_[0].stage);
    const auto take = [&](const std::string& name) {
      const auto found = made_.find(name);
      if (found == made_.end()) return;
      checkpoint.tensors.push_back(std::move(found->second));
      made_.erase(found);
    };
    for (const Tensor& tensor : models_[0].module) take(std::string(tensor.name));
    for (const std::string& name : order_) take(name);
    checkpoint.notes.push_back(
        fmt::format("joined from the partitions of {} rank{}", ranks_.size(), ranks_.size() == 1 ? "" : "s"));
    return checkpoint;
  }

  std::vector<ModelStates> models_;
  std::vector<OptimizerStates> ranks_;
  std::map<std::string, Tensor> made_;
  std::vector<std::string> order_;
};

// The folder of the step that `latest` names.
fs::path step_folder(const fs::path& folder) {
  if (const RankFiles files = files_of(folder); !files.models.empty() || !files.optimizers.empty()) return folder;
  const auto text = MappedFile::open(member_file(folder, "latest"));
  std::string name(as_text(text->bytes()));
  while (!name.empty() && (name.back() == '\n' || name.back() == '\r' || name.back() == ' ')) name.pop_back();
  if (!is_bare_name(name)) refuse("latest", fmt::format("bad folder name '{}'", printable(name)));
  const fs::path step = folder / name;
  if (!fs::is_directory(fs::symlink_status(step))) refuse("latest", fmt::format("no folder '{}'", printable(name)));
  return step;
}

}  // namespace

bool is_zero_folder(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name == "latest" || name.ends_with(model_end) || name.ends_with(optimizer_end)) return true;
  }
  return false;
}

Checkpoint read_zero(const fs::path& given, const OpenObjects& open) {
  const fs::path folder = step_folder(given);
  RankFiles files = files_of(folder);
  if (files.models.empty()) refuse("model_states.pt", "the file is missing", std::string(give_folder));
  if (files.optimizers.empty()) {
    if (files.models.size() == 1 && files.models[0].rank < 0 && files.models[0].model_rank <= 0) {
      const fs::path file = member_file(folder, files.models[0].name);  // all of it, in the type that was trained in
      return open(file, [](TorchValues& values, Checkpoint& checkpoint) { collect_model(values, {}, checkpoint); });
    }
    refuse("optim_states.pt", "the files are missing", std::string(give_folder));
  }
  for (RankFile& file : files.models)
    if (file.rank < 0 && files.models.size() == 1) file.rank = 0;  // one for all ranks
  require_ranks(files.models, "model_states.pt");
  require_ranks(files.optimizers, "optim_states.pt");
  std::vector<ModelStates> models;
  for (const RankFile& file : files.models) {
    ModelStates states;
    states.file = file.name;
    open(member_file(folder, file.name), [&](TorchValues& values, Checkpoint&) { read_model(values, states); });
    models.push_back(std::move(states));
  }
  std::vector<OptimizerStates> ranks;
  for (const RankFile& file : files.optimizers) {
    OptimizerStates states;
    states.file = file.name;
    open(member_file(folder, file.name), [&](TorchValues& values, Checkpoint&) { read_optimizer(values, states); });
    ranks.push_back(std::move(states));
  }
  Checkpoint checkpoint = Join(std::move(models), std::move(ranks)).run();
  checkpoint.path = given;
  return checkpoint;
}

void refuse_zero_part(TorchValues& values) {
  const PickleRef root = values.pickle().root_ref();
  const PickleRef optimizer = values.lookup(root, "optimizer_state_dict");
  for (const std::string_view groups : {"single_partition_of_fp32_groups", "fp32_flat_groups"})
    if (optimizer != no_value && values.lookup(optimizer, groups) != no_value)
      throw Error(ErrorKind::unsupported, values.place(root),
                  "one rank's partition of DeepSpeed ZeRO, no model by itself", std::string(give_folder));
  const PickleRef module = values.lookup(root, "module"), shapes = values.lookup(root, "param_shapes");
  const auto groups = module == no_value ? std::nullopt : param_shapes(values, shapes);
  if (!groups) return;
  // Stage 3 leaves rows of no elements where parameters were.
  std::map<std::string, Shape> stated;
  for (const Shapes& group : *groups) stated.insert(group.begin(), group.end());
  for (const Tensor& tensor : tensors_of(values, module))
    if (const auto found = stated.find(std::string(tensor.name));
        found != stated.end() && tensor.elements() == 0 && elements_of(found->second) != 0)
      throw Error(ErrorKind::unsupported, values.place(root),
                  fmt::format("DeepSpeed ZeRO-3: '{}' is [{}] and has no elements here", printable(tensor.name),
                              fmt::join(found->second, ", ")),
                  std::string(give_folder));
}

}  // namespace torch2mlx
