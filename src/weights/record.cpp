#include "weights/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.h"
#include "read/bytes.h"
#include "read/json.h"

namespace torch2mlx::weights {
namespace {

using nlohmann::json;

constexpr std::string_view members[] = {"dropped", "folded", "sources", "tied", "version"};
// Beyond any tensor's, and small enough for products of them.
constexpr int most_parts = 1 << 20;
constexpr std::int64_t largest_size = std::int64_t{1} << 40;

// A number that any JSON number may not become unasked: the library casts what does not fit.
template <class T>
T whole_number(const Json& value) {
  const bool fits =
      value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
  const std::int64_t number = fits ? value.get<std::int64_t>() : 0;
  if (!fits || !std::in_range<T>(number)) throw std::out_of_range("a number out of range");
  return static_cast<T>(number);
}

template <class T>
std::vector<T> whole_numbers(const Json& list) {
  if (!list.is_array()) throw std::out_of_range("no list of numbers");
  std::vector<T> numbers;
  for (const Json& item : list) numbers.push_back(whole_number<T>(item));
  return numbers;
}

json share_json(const Share& share) {
  json entry = {{"key", share.name}};
  if (share.of != 1 || share.at != 0) entry["part"] = {share.from, share.to, share.of, share.at};
  if (share.added) entry["added"] = true;
  return entry;
}

json source_json(const SourceRecord& source) {
  json entry = json::object();
  for (const Share& share : source.shares) entry["to"].push_back(share_json(share));
  if (!source.permute.empty()) entry["permute"] = source.permute;
  if (source.groups != 1) entry["groups"] = source.groups;
  if (!source.shape.empty()) entry["shape"] = source.shape;
  if (source.dtype) entry["dtype"] = row(*source.dtype).torch;
  if (source.quantization)
    entry["quantization"] = {{"mode", row(source.quantization->mode).name},
                             {"bits", source.quantization->bits},
                             {"group_size", source.quantization->group_size},
                             {"dtype", row(source.quantized_from).torch}};
  return entry;
}

Share share_from(const Json& entry) {
  Share share{.name = entry.at("key").get<std::string>()};
  if (entry.contains("part")) {
    const auto part = whole_numbers<int>(entry["part"]);
    if (part.size() != 4) throw std::out_of_range("a part that is not four numbers");
    share.from = part[0], share.to = part[1], share.of = part[2], share.at = part[3];
    if (share.from < 0 || share.from >= share.to || share.to > share.of || share.of > 64 || share.at < 0 ||
        share.at > most_parts)
      throw std::out_of_range("a part out of range");
  }
  share.added = entry.value("added", false);
  return share;
}

SourceRecord source_from(const Json& entry) {
  SourceRecord source;
  for (const Json& share : entry.value("to", Json::array())) source.shares.push_back(share_from(share));
  if (entry.contains("permute")) source.permute = whole_numbers<int>(entry["permute"]);
  if (entry.contains("groups")) source.groups = whole_number<std::int64_t>(entry["groups"]);
  if (entry.contains("shape")) source.shape = whole_numbers<std::int64_t>(entry["shape"]);
  if (std::ranges::any_of(source.shape, [](std::int64_t size) { return size < 0 || size > largest_size; }))
    throw std::out_of_range("a shape out of range");
  if (entry.contains("dtype")) {
    source.dtype = dtype_from_torch(entry["dtype"].get<std::string>());
    if (!source.dtype) throw std::out_of_range("an unknown dtype");
  }
  if (entry.contains("quantization")) {
    const Json& how = entry["quantization"];
    const auto mode = mode_from_name(how.at("mode").get<std::string>());
    const auto dtype = dtype_from_torch(how.at("dtype").get<std::string>());
    if (!mode || !dtype || !is_floating(*dtype)) throw std::out_of_range("an unknown quantization");
    source.quantization = {*mode, whole_number<int>(how.at("bits")), whole_number<int>(how.at("group_size"))};
    source.quantized_from = *dtype;
    if (const auto problem = quantization_problem(*source.quantization, 0); !problem.empty())
      throw std::out_of_range(problem);
  }
  return source;
}

std::string_view key_of(const SourceRecords::Entry& entry) { return entry.first; }

}  // namespace

void SourceRecords::put(const Text& key, SourceRecord record) {
  const SourceRecord* made = &*records_->insert(std::move(record)).first;
  if (Entry* known = entry(key))
    known->second = made;
  else
    entries_.emplace_back(key, made);
}

void SourceRecords::sort() {
  std::ranges::sort(entries_, {}, key_of);
  sorted_ = entries_.size();
}

SourceRecords::Entry* SourceRecords::entry(std::string_view key) {
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(sorted_);
  const auto it = std::ranges::lower_bound(entries_.begin(), end, key, {}, key_of);
  return it == end || it->first != key ? nullptr : &*it;
}

const SourceRecord* SourceRecords::find(std::string_view key) const {
  const auto it = std::ranges::lower_bound(entries_, key, {}, key_of);
  return it == entries_.end() || it->first != key ? nullptr : it->second;
}

void put_json(const Record& record, const Put& put) {
  const auto text_of = [](const json& value) {
    try {
      return value.dump();
    } catch (const json::type_error&) {
      throw Error(ErrorKind::input, "tensor names", "one is not UTF-8, which safetensors demands");
    }
  };
  put(fmt::format(R"({{"dropped":{},"folded":{},"sources":{{)", text_of(record.dropped), text_of(record.folded)));
  std::string text;
  for (bool first = true; const auto& [name, source] : record.sources.sorted()) {
    text += fmt::format("{}{}:{}", first ? "" : ",", text_of(std::string_view(name)), text_of(source_json(*source)));
    first = false;
    if (text.size() < piece_size) continue;
    put(text);
    text.clear();
  }
  put(text + fmt::format(R"(}},"tied":{},"version":2}})", text_of(record.tied)));
}

std::string to_json(const Record& record) {
  std::string text;
  put_json(record, [&](std::string_view piece) { text += piece; });
  return text;
}

Record record_from_json(std::string_view text, const std::string& place,
                        const std::function<Text(const Text& key)>& known) {
  Json whole = Json::object();
  Record record;
  std::exception_ptr wrong;  // with a source; told after the version
  const auto add = [&](const Text& name, const Json& source) {
    try {
      if (!wrong) record.sources.put(known ? known(name) : name, source_from(source));
    } catch (const std::exception&) {
      wrong = std::current_exception();
    }
  };
  const auto keep = [&](const Text& name, const Json& value) {
    if (std::ranges::find(members, std::string_view(name)) != std::end(members)) whole[std::string(name)] = value;
  };
  parse_members(text, place, keep, "sources", add);
  try {
    if (whole.at("version") != 2) refuse(place, fmt::format("version {} is not read", whole["version"].dump()));
    if (wrong) std::rethrow_exception(wrong);
    for (const auto& [name, source] : whole.at("sources").items()) record.sources.put(name, source_from(source));
    record.sources.sort();
    record.tied = whole.at("tied").get<decltype(record.tied)>();
    for (const auto& [name, value] : whole.at("dropped").items())
      record.dropped.emplace(name, whole_number<std::int64_t>(value));
    record.folded = whole.at("folded").get<decltype(record.folded)>();
    return record;
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    refuse(place, fmt::format("no record of a conversion: {}", printable(error.what())));
  }
}

Record carried(Record old, const Record& made) {
  std::set<std::string> known;
  const auto again = [&](const Text& key, SourceRecord source) {
    source.quantization.reset();
    const auto shares = source.shares.empty() ? std::vector{Share{.name = key}} : source.shares;
    for (const Share& share : shares) {
      known.insert(share.name);
      const SourceRecord* done = made.sources.find(share.name);
      if (!done) continue;
      source.quantization = done->quantization;
      source.quantized_from = done->quantized_from;
      if (!source.dtype) source.dtype = done->dtype;
    }
    return source;
  };
  const auto before = std::exchange(old.sources, {});
  for (const auto& [key, source] : before.sorted()) old.sources.put(key, again(key, *source));
  old.sources.sort();
  for (const auto& [key, source] : made.sources.sorted())
    if (!known.contains(key) && !old.sources.find(key)) old.sources.put(key, *source);
  old.sources.sort();
  return old;
}

}  // namespace torch2mlx::weights
