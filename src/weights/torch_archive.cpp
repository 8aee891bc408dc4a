#include "weights/torch_archive.h"

#include <fmt/format.h>

#include <memory>
#include <span>
#include <vector>

#include "base/by_name.h"
#include "base/crc.h"
#include "base/error.h"
#include "read/check.h"
#include "weights/pickle_writer.h"
#include "weights/shards.h"
#include "weights/zip_writer.h"

namespace torch2mlx::weights {
namespace {

// torch.FloatStorage counted in elements; types without a storage class of their own as bytes, with the type beside.
void write_tensor(PickleWriter& pickle, const Planned& planned, std::size_t storage) {
  const DtypeRow& type = row(planned.dtype);
  const bool typed = !type.storage.empty() && type.dtype != Dtype::complex32;  // whose class weights_only refuses
  pickle.global("torch._utils", typed ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3");
  pickle.mark();
  pickle.mark();
  pickle.text("storage");
  typed ? pickle.global("torch", type.storage) : pickle.global("torch.storage", "UntypedStorage");
  pickle.text(std::to_string(storage));
  pickle.text("cpu");
  pickle.integer(static_cast<std::int64_t>(typed ? planned.bytes() / type.size : planned.bytes()));
  pickle.tuple();
  pickle.persistent();
  pickle.integer(0);
  pickle.integers(planned.shape);
  pickle.integers(row_major(planned.shape));
  pickle.boolean(false);  // requires_grad, hooks
  pickle.global("collections", "OrderedDict");
  pickle.empty_tuple();
  pickle.call();
  if (!typed) pickle.global("torch", type.torch);
  pickle.tuple();
  pickle.call();
}

// The storage of each tensor: its own, or the one of the tensor that it is an alias of.
std::vector<std::uint32_t> storages_of(const Plan& plan) {
  const ByName by_name(plan.tensors);
  std::vector<std::uint32_t> storages;
  storages.reserve(plan.tensors.size());
  for (std::uint32_t next = 0; const Planned& planned : plan.tensors) {
    const auto alias = plan.aliases.find(planned.name);
    if (alias == plan.aliases.end())
      storages.push_back(next++);
    else
      storages.push_back(storages[static_cast<std::size_t>(by_name.find(alias->second) - plan.tensors.data())]);
  }
  return storages;
}

void put_state_dict(const Plan& plan, const std::vector<std::uint32_t>& storages, const Put& put) {
  PickleWriter pickle(put);
  pickle.global("collections", "OrderedDict");
  pickle.empty_tuple();
  pickle.call();
  pickle.mark();
  for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
    if (!is_utf8(plan.tensors[i].name)) throw Error(ErrorKind::input, "tensor names", "one is not UTF-8");
    pickle.text(plan.tensors[i].name);
    write_tensor(pickle, plan.tensors[i], storages[i]);
  }
  pickle.set_items();
  std::move(pickle).finish();
}

// Records in the order of the file: data.pkl, byteorder, the storages, version. Headers are made while they are
// written.
class Archive {
 public:
  Archive(const Plan& plan, std::string root) : root_(std::move(root)), storages_(storages_of(plan)) {
    pickle_.name = root_ + "data.pkl";
    put_state_dict(plan, storages_, [this](std::string_view piece) {
      pickle_.crc = crc32_joined(pickle_.crc, crc_of(piece), piece.size());
      pickle_.size += piece.size();
    });
    byteorder_ = {root_ + "byteorder", end_of(pickle_), byteorder.size(), crc_of(byteorder)};
    const std::uint64_t end = for_tensors(plan, [](std::size_t, const ZipRecord&) {});
    version_ = {root_ + "version", end, version.size(), crc_of(version)};
    put_directory(plan, {}, [this](std::string_view piece) { size_ += piece.size(); });
    size_ += end_of(version_);
  }

  std::uint64_t size() const { return size_; }

  // Calls `each` with the index of every tensor that has a storage of its own, and its record; gives where they end.
  template <class Each>
  std::uint64_t for_tensors(const Plan& plan, const Each& each) const {
    std::uint64_t at = end_of(byteorder_);
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
      if (storages_[i] != next) continue;  // an alias
      const ZipRecord record{fmt::format("{}data/{}", root_, next++), at, plan.tensors[i].bytes()};
      each(i, record);
      at = end_of(record);
    }
    return at;
  }

  void put_beginning(const Plan& plan, const Put& put) const {
    put(local_header(pickle_));
    put_state_dict(plan, storages_, put);
    put(local_header(byteorder_) + std::string(byteorder));
  }

  void put_rest(const Plan& plan, std::span<const std::uint32_t> checksums, const PutAt& put) const {
    for_tensors(plan, [&](std::size_t i, ZipRecord record) {
      record.crc = checksums[i];
      put(record.at, local_header(record));
    });
    put(version_.at, local_header(version_) + std::string(version));
    std::uint64_t at = end_of(version_);
    put_directory(plan, checksums, [&](std::string_view piece) {
      put(at, piece);
      at += piece.size();
    });
  }

 private:
  static constexpr std::string_view byteorder = "little", version = "3\n";

  static std::uint32_t crc_of(std::string_view text) { return crc32_of(std::as_bytes(std::span(text))); }
  static std::uint64_t end_of(const ZipRecord& record) { return record.at + local_header(record).size() + record.size; }

  // Its size is the same without checksums.
  void put_directory(const Plan& plan, std::span<const std::uint32_t> checksums, const Put& put) const {
    std::string text;
    std::uint64_t count = 0, size = 0;
    const auto add = [&](const ZipRecord& record) {
      const std::string entry = central_header(record);
      ++count;
      size += entry.size();
      text += entry;
      if (text.size() < piece_size) return;
      put(text);
      text.clear();
    };
    add(pickle_);
    add(byteorder_);
    for_tensors(plan, [&](std::size_t i, ZipRecord record) {
      if (!checksums.empty()) record.crc = checksums[i];
      add(record);
    });
    add(version_);
    put(text + directory_end(count, size, end_of(version_)));
  }

  std::string root_;
  std::vector<std::uint32_t> storages_;  // of the tensors
  ZipRecord pickle_, byteorder_, version_;
  std::uint64_t size_ = 0;
};

}  // namespace

void assign_archive(Plan& plan, const std::string& file) {
  check_sizes(plan);
  const auto archive = std::make_shared<const Archive>(plan, file.substr(0, file.rfind('.')) + "/");
  std::vector<bool> own(plan.tensors.size());
  archive->for_tensors(plan, [&](std::size_t i, const ZipRecord& record) {
    plan.tensors[i].at = record.at + local_header(record).size();
    own[i] = true;
  });
  for (std::size_t i = 0; i < plan.tensors.size(); ++i)
    if (!own[i]) plan.tensors[i].parts = {};  // nothing to write
  plan.files.push_back(
      {file, archive->size(), [archive](const Plan& whole, const Put& put) { archive->put_beginning(whole, put); }});
  plan.finish = [archive](const Plan& whole, std::span<const std::uint32_t> checksums, const PutAt& put) {
    archive->put_rest(whole, checksums, put);
  };
}

}  // namespace torch2mlx::weights
