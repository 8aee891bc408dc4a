#include "read/json.h"

#include <fmt/format.h>

#include <unordered_set>
#include <vector>

#include "read/bytes.h"

namespace torch2mlx {
namespace {

constexpr std::size_t max_depth = 64;

// Builds the document by appending: the library's own builder looks every new key up in linear time.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(const std::string& place) : place_(place) {}

  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr), true; }
  bool boolean(bool value) override { return add(value), true; }
  bool number_integer(number_integer_t value) override { return add(value), true; }
  bool number_unsigned(number_unsigned_t value) override { return add(value), true; }
  bool number_float(number_float_t value, const string_t&) override { return add(value), true; }
  bool string(string_t& value) override { return add(std::move(value)), true; }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return enter(add(Json::object())); }
  bool start_array(std::size_t) override { return enter(add(Json::array())); }
  bool end_object() override { return open_.pop_back(), true; }
  bool end_array() override { return open_.pop_back(), true; }

  bool key(string_t& name) override {
    if (!open_.back().names.insert(name).second) refuse(place_, fmt::format("key '{}' occurs twice", printable(name)));
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    refuse(fmt::format("{}, byte {}", place_, position == 0 ? 0 : position - 1), "is not JSON");
  }

 private:
  struct Level {
    Json* container;
    std::unordered_set<std::string> names;
  };

  // Pointers into containers stay good: only the innermost one grows, and it has no open child then.
  template <class T>
  Json* add(T&& value) {
    if (open_.empty()) {
      root_ = std::forward<T>(value);
      return &root_;
    }
    Json& container = *open_.back().container;
    if (container.is_array()) return &container.get_ref<Json::array_t&>().emplace_back(std::forward<T>(value));
    auto& members = static_cast<std::vector<std::pair<const std::string, Json>>&>(container.get_ref<Json::object_t&>());
    return &members.emplace_back(std::move(key_), std::forward<T>(value)).second;
  }

  bool enter(Json* container) {
    if (open_.size() == max_depth) refuse(place_, fmt::format("nested deeper than {}", max_depth));
    open_.push_back({container, {}});
    return true;
  }

  const std::string& place_;
  Json root_;
  std::vector<Level> open_;
  std::string key_;
};

}  // namespace

Json parse_json(std::string_view text, const std::string& place) {
  Builder builder(place);
  if (!Json::sax_parse(text, &builder)) refuse(place, "is not JSON");
  return builder.take();
}

const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  for (const auto& [key, value] : object.get_ref<const Json::object_t&>())
    if (key == name) return &value;
  return nullptr;
}

}  // namespace torch2mlx
