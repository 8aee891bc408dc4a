#include "torch2mlx/convert.h"

#include "base/error.h"
#include "weights/output_file.h"
#include "weights/plan.h"
#include "weights/stream.h"

namespace torch2mlx {

Report analyze(const Checkpoint& checkpoint, const Options& options) {
  return weights::plan(checkpoint, options).report;
}

Report convert(const Checkpoint& checkpoint, const std::filesystem::path& path, const Options& options) {
  auto plan = weights::plan(checkpoint, options);
  weights::require_sound(plan, checkpoint.path);
  if (!options.force && std::filesystem::exists(path))
    throw Error(ErrorKind::input, path.string(), "exists already", "--force replaces it");
  weights::OutputFile file(path, plan.header.size() + plan.data_bytes);
  weights::stream(plan, file, options);
  file.commit(options.sync, options.force);
  return std::move(plan.report);
}

const char* to_string(Evidence evidence) {
  switch (evidence) {
    case Evidence::graph:
      return "graph";
    case Evidence::module_tree:
      return "module tree";
    case Evidence::layer_type:
      return "--layer-type";
    case Evidence::rank:
      return "rank";
  }
  return "";
}

}  // namespace torch2mlx
