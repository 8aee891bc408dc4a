#include "read/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

#include "base/by_name.h"
#include "read/bytes.h"

namespace torch2mlx {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::array<std::string_view, 3> python_numbers{"-Infinity", "Infinity", "NaN"};
constexpr std::string_view mark = "\xee\x80\x80";  // U+E000, for private use

// Builds the document by appending: the library's own builder looks every new key up in linear time.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(const std::string& place) : place_(place) {}
  // Members of the outermost object go to `each` and are not kept, those of its member `inner` to `each_inner`.
  Builder(const std::string& place, const OnMember& each, std::string_view inner, const OnMember& each_inner)
      : place_(place), outer_{&each}, inner_{&each_inner}, inner_name_(inner) {}

  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr), complete(); }
  bool boolean(bool value) override { return add(value), complete(); }
  bool number_integer(number_integer_t value) override { return add(value), complete(); }
  bool number_unsigned(number_unsigned_t value) override { return add(value), complete(); }
  bool number_float(number_float_t value, const string_t&) override { return add(value), complete(); }
  bool string(string_t& value) override { return add(std::move(value)), complete(); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override {
    in_inner_ = in_inner_ || (sink() == &outer_ && *inner_.each && key_ == inner_name_);
    return enter(add(Json::object()));
  }
  bool start_array(std::size_t) override { return enter(add(Json::array())); }
  bool end_object() override {
    open_.pop_back();
    in_inner_ = in_inner_ && open_.size() > 1;
    return complete();
  }
  bool end_array() override { return open_.pop_back(), complete(); }

  bool key(string_t& name) override {
    Level& level = open_.back();
    if (level.by_name.contains(name)) refuse(place_, fmt::format("key '{}' occurs twice", printable(name)));
    key_ = name;
    level.keys.push_back({key_});
    level.by_name.add_new();
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    refuse(fmt::format("{}, byte {}", place_, position == 0 ? 0 : position - 1), "is not JSON");
  }

 private:
  struct Key {
    Text name;
  };
  struct Level {
    explicit Level(Json* open) : container(open) {}
    Json* container;
    std::vector<Key> keys = {};
    ByName<std::vector<Key>> by_name{keys};
  };

  // What is handed out when it is complete.
  struct Member {
    const OnMember* each = nullptr;
    Text name = {};
    Json value = {};
  };

  // That of the level that is read; nullptr: it is kept.
  Member* sink() {
    if (!outer_.each || !root_.is_object()) return nullptr;
    if (open_.size() == 1) return &outer_;
    return in_inner_ && open_.size() == 2 ? &inner_ : nullptr;
  }

  bool complete() {
    if (const Member* member = sink()) (*member->each)(member->name, member->value);
    return true;
  }

  // Pointers into containers stay good: only the innermost one grows, and it has no open child then.
  template <class T>
  Json* add(T&& value) {
    if (open_.empty()) {
      root_ = std::forward<T>(value);
      return &root_;
    }
    if (Member* member = sink()) {
      member->name = std::move(key_);
      member->value = std::forward<T>(value);
      return &member->value;
    }
    Json& container = *open_.back().container;
    if (container.is_array()) return &container.get_ref<Json::array_t&>().emplace_back(std::forward<T>(value));
    auto& members = static_cast<std::vector<std::pair<const std::string, Json>>&>(container.get_ref<Json::object_t&>());
    return &members.emplace_back(std::move(key_), std::forward<T>(value)).second;
  }

  bool enter(Json* container) {
    if (open_.size() == max_depth) refuse(place_, fmt::format("nested deeper than {}", max_depth));
    open_.emplace_back(container);
    return true;
  }

  const std::string& place_;
  Json root_;
  Member outer_, inner_;
  std::string_view inner_name_;
  bool in_inner_ = false;
  std::deque<Level> open_;  // which never moves them
  Text key_;
};

void parse(std::string_view text, const std::string& place, Builder& builder) {
  // The library takes a NUL for the end of the text.
  if (const auto nul = text.find('\0'); nul != text.npos) refuse(fmt::format("{}, byte {}", place, nul), "is not JSON");
  if (!Json::sax_parse(text, &builder)) refuse(place, "is not JSON");
}

}  // namespace

Json parse_json(std::string_view text, const std::string& place) {
  Builder builder(place);
  parse(text, place, builder);
  return builder.take();
}

void parse_members(std::string_view text, const std::string& place, const OnMember& each, std::string_view inner,
                   const OnMember& each_inner) {
  Builder builder(place, each, inner, each_inner);
  parse(text, place, builder);
  if (!builder.take().is_object()) refuse(place, "must be an object");
}

Json parse_python_json(std::string_view text, const std::string& place) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      const std::size_t begin = at++;
      while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
      at = std::min(at + 1, text.size());
      plain += text.substr(begin, at - begin);
      continue;
    }
    const auto* number =
        std::ranges::find_if(python_numbers, [&](std::string_view name) { return text.substr(at).starts_with(name); });
    if (number == python_numbers.end()) {
      plain += text[at++];
    } else {
      plain += fmt::format("\"{}{}\"", mark, *number);
      at += number->size();
    }
  }
  return parse_json(plain, place);
}

std::string python_text(std::string dumped) {
  for (const std::string_view name : python_numbers) {
    const std::string marked = fmt::format("\"{}{}\"", mark, name);
    for (auto at = dumped.find(marked); at != std::string::npos; at = dumped.find(marked, at))
      dumped.replace(at, marked.size(), name);
  }
  return dumped;
}

const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  for (const auto& [key, value] : object.get_ref<const Json::object_t&>())
    if (key == name) return &value;
  return nullptr;
}

}  // namespace torch2mlx
