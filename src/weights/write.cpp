#include "weights/write.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "read/made.h"
#include "weights/output_file.h"
#include "weights/shards.h"
#include "weights/stream.h"

namespace torch2mlx::weights {
namespace {

namespace fs = std::filesystem;

void note_overflow(const Plan& plan, const Streamed& streamed, Report& report) {
  for (const auto& [i, count] : streamed.overflowed)
    report.notes.push_back(fmt::format("{}: {} value{} beyond {} became infinite", printable(plan.tensors[i].name),
                                       count, count == 1 ? "" : "s", row(plan.tensors[i].dtype).torch));
}

const Quantization& how_of(const Plan& plan, std::size_t tensor) {
  return plan.packing_of(plan.tensors[tensor])->quantization;
}

// Nothing is written where a matrix has groups that MLX gives no defined result for.
void require_defined(const Plan& plan, const Streamed& streamed) {
  std::vector<std::string> problems;
  for (const auto& [i, done] : streamed.odd)
    if (done.undefined != 0)
      problems.push_back(
          fmt::format("{}: {}", printable(plan.tensors[i].name), describe_undefined(how_of(plan, i), done.undefined)));
  if (problems.empty()) return;
  throw Error(ErrorKind::unsupported, "quantize",
              problems.size() == 1 ? problems.front() : "matrices that are not finite",
              "--quant-predicate 'PATTERN=no' leaves a matrix as it is",
              problems.size() == 1 ? decltype(problems)() : problems);
}

void note_beyond(const Plan& plan, const Streamed& streamed, Report& report) {
  for (const auto& [i, done] : streamed.odd)
    report.notes.push_back(fmt::format(
        "{}: {} group{} beyond what {} holds: written as mx.quantize does, other numbers",
        printable(plan.tensors[i].name), done.beyond, done.beyond == 1 ? "" : "s", row(how_of(plan, i).mode).name));
}

// Folders and devices are never replaced.
void require_free(const fs::path& target, bool force) {
  std::error_code error;
  const auto status = fs::status(target, error);
  if (status.type() == fs::file_type::not_found) return;
  if (status.type() == fs::file_type::none) throw refused(target, "cannot look at it", error.value());
  if (status.type() != fs::file_type::regular)
    throw Error(ErrorKind::input, target.string(), "is there and is not a regular file");
  if (!force) throw Error(ErrorKind::input, target.string(), "exists already", "--force replaces it");
}

void require_unchanged(std::span<const Tensor> sources) {
  std::set<const MappedFile*> files;
  for (const Tensor& tensor : sources)
    if (tensor.storage)
      for_each_file(*tensor.storage, [&](const MappedFile& file) {
        if (files.insert(&file).second) file.require_unchanged();
      });
}

void add_index(Plan& plan, std::string name) {
  std::uint64_t size = 0;
  put_index(plan, [&](std::string_view piece) { size += piece.size(); });
  plan.files.push_back({.name = std::move(name), .size = size, .beginning = put_index});
}

// A source that changes may well be the cause of any other failure, as of pwrite from pages that are gone.
Streamed stream_unchanged(const Plan& plan, std::span<const std::unique_ptr<OutputFile>> files, const Options& options,
                          std::span<const Tensor> sources) {
  try {
    auto streamed = stream(plan, files, options);
    require_unchanged(sources);
    return streamed;
  } catch (const Error&) {
    require_unchanged(sources);
    throw;
  }
}

}  // namespace

Report write(Plan plan, const fs::path& path, const Options& options, std::span<const Tensor> sources) {
  if (plan.files.size() > 1) add_index(plan, path.filename().string() + ".index.json");
  for (const PlannedFile& file : plan.files) require_free(path.parent_path() / file.name, options.force);
  plan.report.files.clear();
  plan.report.bytes = 0;
  for (const PlannedFile& file : plan.files) {
    plan.report.files.push_back(file.name);
    plan.report.bytes += file.size;
  }
  if (options.planned) options.planned(plan.report);
  std::vector<std::unique_ptr<OutputFile>> files;
  files.reserve(plan.files.size());
  for (const PlannedFile& file : plan.files)
    files.push_back(std::make_unique<OutputFile>(path.parent_path() / file.name, file.size));
  const auto streamed = stream_unchanged(plan, files, options, sources);
  require_defined(plan, streamed);
  if (plan.finish)
    plan.finish(plan, streamed.checksums, [&](std::uint64_t at, std::string_view piece) {
      files[0]->write(at, std::as_bytes(std::span(piece)));
    });
  for (const auto& file : files) file->commit(options.sync, options.force);
  note_overflow(plan, streamed, plan.report);
  note_beyond(plan, streamed, plan.report);
  return std::move(plan.report);
}

}  // namespace torch2mlx::weights
