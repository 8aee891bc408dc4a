#include "weights/zip_writer.h"

#include <algorithm>

namespace torch2mlx::weights {
namespace {

constexpr std::uint64_t alignment = 64, too_large = 0xffffffff;

template <class T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
}

std::uint32_t low(std::uint64_t value) { return value >= too_large ? too_large : static_cast<std::uint32_t>(value); }

void common_fields(std::string& out, const ZipRecord& record, std::size_t extra) {
  put<std::uint16_t>(out, record.size >= too_large || record.at >= too_large ? 45 : 20);  // version needed
  put<std::uint16_t>(out, 0x0800);                                                        // names are UTF-8
  put<std::uint16_t>(out, 0);                                                             // stored
  put<std::uint16_t>(out, 0);
  put<std::uint16_t>(out, 0x21);  // 1 January 1980
  put<std::uint32_t>(out, record.crc);
  put<std::uint32_t>(out, low(record.size));
  put<std::uint32_t>(out, low(record.size));
  put<std::uint16_t>(out, static_cast<std::uint16_t>(record.name.size()));
  put<std::uint16_t>(out, static_cast<std::uint16_t>(extra));
}

std::string zip64_sizes(const ZipRecord& record) {
  std::string field;
  if (record.size < too_large) return field;
  put<std::uint16_t>(field, 1);
  put<std::uint16_t>(field, 16);
  put<std::uint64_t>(field, record.size);
  put<std::uint64_t>(field, record.size);
  return field;
}

}  // namespace

std::string local_header(const ZipRecord& record) {
  std::string extra = zip64_sizes(record);
  const std::uint64_t plain = record.at + 30 + record.name.size() + extra.size() + 4;
  const std::uint64_t padding = (alignment - plain % alignment) % alignment;
  put<std::uint16_t>(extra, 0x4246);
  put<std::uint16_t>(extra, static_cast<std::uint16_t>(padding));
  extra.append(padding, 'Z');
  std::string out;
  put<std::uint32_t>(out, 0x04034b50);
  common_fields(out, record, extra.size());
  return out + record.name + extra;
}

std::string central_header(const ZipRecord& record) {
  std::string extra;
  if (record.size >= too_large || record.at >= too_large) {
    std::string fields;
    if (record.size >= too_large) put<std::uint64_t>(fields, record.size), put<std::uint64_t>(fields, record.size);
    if (record.at >= too_large) put<std::uint64_t>(fields, record.at);
    put<std::uint16_t>(extra, 1);
    put<std::uint16_t>(extra, static_cast<std::uint16_t>(fields.size()));
    extra += fields;
  }
  std::string out;
  put<std::uint32_t>(out, 0x02014b50);
  put<std::uint16_t>(out, 45);  // made by
  common_fields(out, record, extra.size());
  put<std::uint16_t>(out, 0);  // comment, disk, attributes
  put<std::uint16_t>(out, 0);
  put<std::uint16_t>(out, 0);
  put<std::uint32_t>(out, 0);
  put<std::uint32_t>(out, low(record.at));
  return out + record.name + extra;
}

std::string directory_end(std::uint64_t count, std::uint64_t size, std::uint64_t at) {
  std::string out;
  const std::uint64_t end = at + size;
  put<std::uint32_t>(out, 0x06064b50);  // zip64 end record and its locator, always, as torch writes them
  put<std::uint64_t>(out, 44);
  put<std::uint16_t>(out, 45);
  put<std::uint16_t>(out, 45);
  put<std::uint32_t>(out, 0);
  put<std::uint32_t>(out, 0);
  put<std::uint64_t>(out, count);
  put<std::uint64_t>(out, count);
  put<std::uint64_t>(out, size);
  put<std::uint64_t>(out, at);
  put<std::uint32_t>(out, 0x07064b50);
  put<std::uint32_t>(out, 0);
  put<std::uint64_t>(out, end);
  put<std::uint32_t>(out, 1);
  put<std::uint32_t>(out, 0x06054b50);
  put<std::uint32_t>(out, 0);
  const auto short_count = static_cast<std::uint16_t>(std::min<std::uint64_t>(count, 0xffff));
  put<std::uint16_t>(out, short_count);
  put<std::uint16_t>(out, short_count);
  put<std::uint32_t>(out, low(size));
  put<std::uint32_t>(out, low(at));
  put<std::uint16_t>(out, 0);
  return out;
}

}  // namespace torch2mlx::weights
