// JSON from files: order kept, duplicate keys and deep nesting refused.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/shared.h"

namespace torch2mlx {

using Json = nlohmann::ordered_json;

// Throws Error(input) at `place`, with the byte, for text that is not JSON, for a key that occurs twice in an object
// (however it is escaped) and for nesting beyond 64.
Json parse_json(std::string_view text, const std::string& place);

using OnMember = std::function<void(const Text& name, const Json& value)>;

// The same for an object of many members, which are handed out one by one: the whole is never held. Where the member
// `inner` is an object, its own go to `each_inner`, and it is handed out empty.
void parse_members(std::string_view text, const std::string& place, const OnMember& each, std::string_view inner = {},
                   const OnMember& each_inner = {});

// JSON as Python writes it, where NaN, Infinity and -Infinity are numbers too: they become strings that only
// `python_text` knows how to turn back.
Json parse_python_json(std::string_view text, const std::string& place);
// Dumped JSON with those numbers as Python writes them.
std::string python_text(std::string dumped);

// The member called `name`, or nullptr. Linear: for objects of a few members.
const Json* member(const Json& object, std::string_view name);

}  // namespace torch2mlx
