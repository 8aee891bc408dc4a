#include "read/torch_export.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/by_name.h"
#include "read/bytes.h"
#include "read/check.h"
#include "read/json.h"
#include "read/torch_checkpoint.h"
#include "read/torch_export_zip.h"
#include "read/zip_storages.h"

namespace torch2mlx {
namespace {

constexpr int strided_layout = 7;  // torch/_export/serde/schema.py, Layout

bool is_bare_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

std::int64_t natural(const Json* value, const std::string& place) {
  if (!value || !value->is_number_unsigned() || value->get<std::uint64_t>() > INT64_MAX)
    refuse(place, "whole numbers from 0 were expected");
  return value->get<std::int64_t>();
}

// {"as_int": 3}: the sizes of a payload are never symbols.
std::int64_t as_int(const Json& value, const std::string& place) { return natural(member(value, "as_int"), place); }

std::vector<std::int64_t> as_ints(const Json* value, const std::string& place) {
  if (!value || !value->is_array()) refuse(place, "sizes and strides were expected");
  std::vector<std::int64_t> out;
  for (const Json& item : *value) out.push_back(as_int(item, place));
  return out;
}

// The payloads of one folder, data/weights or data/constants, as its config names them.
class Payloads {
 public:
  Payloads(const ZipArchive& archive, std::string folder, bool verify)
      : archive_(archive),
        folder_(std::move(folder)),
        verify_(verify),
        storages_(archive, is_big_endian(archive, archive.root())) {}

  std::vector<Tensor> read(const std::string& config_name) {
    const std::string path = fmt::format("{}/{}", folder_, config_name);
    const ZipEntry* entry = archive_.find(fmt::format("{}/{}", archive_.root(), path));
    std::vector<Tensor> tensors;
    if (!entry) return tensors;
    const auto text = archive_.read_checked(*entry);
    const Json json = parse_json(as_text(text->bytes), path);
    const Json* config = member(json, "config");
    if (!config || !config->is_object()) refuse(path, "no config");
    for (const auto& [name, meta] : config->get_ref<const Json::object_t&>())
      tensors.push_back(payload(name, meta, fmt::format("{}, '{}'", path, printable(name))));
    if (verify_) storages_.verify();
    return tensors;
  }

 private:
  Tensor payload(const std::string& name, const Json& meta, const std::string& place) {
    const Json *file = member(meta, "path_name"), *pickled = member(meta, "use_pickle");
    const Json* shape = member(meta, "tensor_meta");
    if (!file || !file->is_string() || !is_bare_name(file->get_ref<const std::string&>()))
      refuse(place, "a bad path_name");
    if (!pickled || !pickled->is_boolean() || pickled->get<bool>())
      throw Error(ErrorKind::unsupported, place,
                  fmt::format("'{}' is stored as a pickle, which is not read", file->get_ref<const std::string&>()));
    if (!shape || !shape->is_object()) refuse(place, "no tensor_meta");
    Tensor tensor = view(*shape, place);
    tensor.name = name;
    const StorageSlice slice = storage(file->get_ref<const std::string&>(), place);
    // An empty record stands for data that was left out, not for zeros.
    if (slice.size == 0 && tensor.elements() != 0) refuse(place, "the record of its data is empty");
    put(tensor, slice, place);
    return tensor;
  }

  static Tensor view(const Json& meta, const std::string& place) {
    const Json *dtype = member(meta, "dtype"), *layout = member(meta, "layout"),
               *offset = member(meta, "storage_offset");
    const std::int64_t code = natural(dtype, place);
    const auto found = code < 1000 ? dtype_from_serde(static_cast<int>(code)) : std::nullopt;
    if (!found) throw Error(ErrorKind::unsupported, place, fmt::format("dtype code {} is not known", code));
    if (natural(layout, place) != strided_layout)
      throw Error(ErrorKind::unsupported, place, "a sparse layout is not read");
    Tensor tensor;
    tensor.dtype = *found;
    tensor.shape = as_ints(member(meta, "sizes"), place);
    tensor.strides = as_ints(member(meta, "strides"), place);
    checked_elements(tensor.shape, *found, place);
    if (!offset) refuse(place, "no storage_offset");
    tensor.offset = as_int(*offset, place);
    return tensor;
  }

  StorageSlice storage(const std::string& file, const std::string& place) {
    const ZipEntry* entry = archive_.find(fmt::format("{}/{}/{}", archive_.root(), folder_, file));
    if (!entry) refuse(place, fmt::format("no record '{}'", file));
    return storages_.find(*entry);
  }

  const ZipArchive& archive_;
  std::string folder_;
  bool verify_;
  ZipStorages storages_;
};

// Every tensor that the graph's signature names must be in the archive.
class Signature {
 public:
  Signature(std::string_view text, const std::string& place) : place_(place) {
    const OnMember ignore = [](const Text&, const Json&) {};
    parse_members(text, place, ignore, "graph_module", [&](const Text& name, const Json& value) {
      if (std::string_view(name) == "signature") read(value);
    });
  }

  void require(const std::vector<Tensor>& weights, const std::vector<Tensor>& constants) const {
    const ByName held(weights), lifted(constants);
    std::vector<std::string> missing;
    for (const std::string& name : weights_)
      if (!held.contains(name)) missing.push_back(fmt::format("parameter or buffer '{}'", printable(name)));
    for (const std::string& name : constants_)
      if (!lifted.contains(name) && !held.contains(name))
        missing.push_back(fmt::format("constant '{}'", printable(name)));
    if (missing.empty()) return;
    const bool one = missing.size() == 1;
    throw Error(ErrorKind::input, place_,
                one ? fmt::format("the archive holds no {}", missing[0])
                    : fmt::format("the archive lacks {} tensors of the graph", missing.size()),
                "save the program again with torch.export.save", one ? std::vector<std::string>{} : missing);
  }

 private:
  void read(const Json& signature) {
    const Json* inputs = member(signature, "input_specs");
    if (!inputs || !inputs->is_array()) return;
    for (const Json& input : *inputs) {
      take(member(input, "parameter"), "parameter_name", weights_);
      const Json* buffer = member(input, "buffer");
      const Json* persistent = buffer ? member(*buffer, "persistent") : nullptr;
      const bool kept = !persistent || !persistent->is_boolean() || persistent->get<bool>();
      take(buffer, "buffer_name", kept ? weights_ : constants_);
      take(member(input, "tensor_constant"), "tensor_constant_name", constants_);
    }
  }

  static void take(const Json* spec, std::string_view name, std::vector<std::string>& names) {
    const Json* value = spec ? member(*spec, name) : nullptr;
    if (value && value->is_string()) names.push_back(value->get<std::string>());
  }

  const std::string& place_;
  std::vector<std::string> weights_, constants_;
};

// Names of models/<name>.json.
std::vector<std::string> model_names(const ZipArchive& archive) {
  const std::string start = fmt::format("{}/models/", archive.root());
  std::vector<std::string> out;
  for (const ZipEntry& entry : archive.entries()) {
    std::string_view name = entry.name;
    if (!name.starts_with(start) || !name.ends_with(".json")) continue;
    name = name.substr(start.size(), name.size() - start.size() - 5);
    if (!is_bare_name(name)) refuse("models", fmt::format("bad model name '{}'", printable(name)));
    out.emplace_back(name);
  }
  return out;
}

std::string choose_model(const ZipArchive& archive, const std::string& wanted) {
  const std::vector<std::string> names = model_names(archive);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  if (names.empty()) refuse({}, "no exported program in the archive (models/*.json)", "save it with torch.export.save");
  if (wanted.empty() && names.size() == 1) return names[0];
  const std::string& name = wanted.empty() ? "model" : wanted;
  if (std::ranges::find(names, name) == names.end())
    refuse({}, wanted.empty() ? std::string("several models") : fmt::format("no model '{}'", printable(wanted)),
           "the archive holds " + list);
  return name;
}

}  // namespace

bool is_exported_archive(const ZipArchive& archive) {
  const std::string_view root = archive.root();
  if (const ZipEntry* format = archive.find(fmt::format("{}/archive_format", root)))
    return as_text(archive.read_checked(*format)->bytes) == "pt2";
  // Before 2.8 the members had no folder.
  if (archive.find("serialized_exported_program.json"))
    throw Error(ErrorKind::unsupported, {}, "a .pt2 file of PyTorch before 2.8, which is not supported",
                "save it again with torch.export.save of a newer PyTorch");
  return false;
}

ExportedArchive read_exported_zip(const ZipArchive& archive, const std::string& model, bool verify) {
  const std::string name = choose_model(archive, model);
  const ZipEntry* json = archive.find(fmt::format("{}/models/{}.json", archive.root(), name));
  const auto text = archive.read_checked(*json);
  ExportedArchive out;
  out.model_json = std::string(as_text(text->bytes));
  out.weights = Payloads(archive, "data/weights", verify).read(fmt::format("{}_weights_config.json", name));
  out.constants = Payloads(archive, "data/constants", verify).read(fmt::format("{}_constants_config.json", name));
  check_tensors(out.weights, archive.file_size());
  check_tensors(out.constants, archive.file_size());
  const std::string place = fmt::format("{}.json", name);
  Signature(out.model_json, place).require(out.weights, out.constants);
  return out;
}

ExportedArchive read_exported_archive(const std::filesystem::path& path, const std::string& model) {
  const auto file = MappedFile::open(path);
  try {
    if (!looks_like_zip(file->bytes())) refuse({}, "not a .pt2 archive");
    const ZipArchive archive(file);
    if (!is_exported_archive(archive)) refuse({}, "not a .pt2 archive: it has no archive_format record");
    return read_exported_zip(archive, model, true);
  } catch (const Error& error) {
    throw error.within(printable(path.filename().string()));
  }
}

}  // namespace torch2mlx
