#include "read_files.h"

#include "base/crc.h"

namespace torch2mlx::testing {

std::string zip(const std::vector<ZipMember>& members, const ZipOptions& options) {
  std::string out, directory;
  for (const ZipMember& m : members) {
    const std::string& stored = m.method == 8 ? m.packed : m.data;
    const std::uint32_t crc = m.crc.value_or(crc32_of(std::as_bytes(std::span(m.data))));
    const bool later = m.flags & 8;
    const std::string local_name = m.local_name.value_or(m.name);
    const std::uint64_t at = m.offset.value_or(out.size());
    out += u32(0x04034b50) + u16(0) + u16(m.flags) + u16(m.method) + u32(0) + u32(later ? 0 : crc);
    out += u32(m.local_size.value_or(later ? 0 : stored.size())) + u32(later ? 0 : m.data.size());
    out += u16(local_name.size()) + u16(0) + local_name + stored;
    if (later) out += u32(0x08074b50) + u32(crc) + u32(stored.size()) + u32(m.data.size());
    directory += u32(0x02014b50) + u16(0) + u16(0) + u16(m.flags) + u16(m.method) + u32(0) + u32(crc);
    directory += u32(m.central_size.value_or(stored.size())) + u32(m.central_size.value_or(m.data.size()));
    directory +=
        u16(m.name.size()) + u16(m.extra.size()) + u16(0) + u16(0) + u16(0) + u32(0) + u32(at) + m.name + m.extra;
  }
  const std::size_t begin = out.size(), n = members.size();
  out += directory;
  if (options.zip64) {
    const std::size_t end64 = out.size();
    const std::uint64_t entries = options.zip64_entries.value_or(n);
    out += u32(0x06064b50) + u64(44) + u16(0) + u16(0) + u32(0) + u32(0) + u64(entries) + u64(entries);
    out += u64(directory.size()) + u64(begin) + u32(0x07064b50) + u32(0) + u64(end64) + u32(1);
  }
  out += u32(0x06054b50) + u16(0) + u16(0) + u16(n) + u16(n) + u32(directory.size()) + u32(begin) + u16(0);
  return out + options.tail;
}

Opcodes& Opcodes::sizes(const std::vector<std::int64_t>& numbers) {
  raw("(");
  for (const std::int64_t number : numbers) integer(number);
  return raw("t");
}

Opcodes& Opcodes::tensor(const std::string& key, std::int64_t elements, const std::vector<std::int64_t>& shape,
                         const std::vector<std::int64_t>& strides, std::int64_t offset) {
  global("torch._utils", "_rebuild_tensor_v2").raw("((").text("storage").global("torch", "FloatStorage").text(key);
  text("cpu").integer(elements).raw("tQ").integer(offset).sizes(shape).sizes(strides);
  return raw("\x89").global("collections", "OrderedDict").raw(")RtR");
}

Opcodes with_id(const std::string& word, std::size_t most, const std::string& behind) {
  Opcodes out;
  out.raw("(").text(word).global("torch", "FloatStorage");
  if (most > 2) out.text("0");
  if (most > 3) out.text("cpu");
  if (most > 4) out.integer(4);
  return out.raw(behind + "tQ");
}

std::string torch_zip(const std::string& pickle, const std::vector<std::string>& storages,
                      const std::string& byte_order) {
  std::vector<ZipMember> members{{.name = "m/data.pkl", .data = pickle}, {.name = "m/byteorder", .data = byte_order}};
  for (std::size_t i = 0; i < storages.size(); ++i)
    members.push_back({.name = "m/data/" + std::to_string(i), .data = storages[i]});
  return zip(members);
}

}  // namespace torch2mlx::testing
