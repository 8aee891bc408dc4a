// report.json without holding its text: a line a tensor.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "torch2mlx/convert.h"

namespace torch2mlx::weights {

// What `to_json` gives, piece by piece; `beside` is the text of further members, "graph": {...}, or empty.
void put_json(const Report& report, const std::function<void(std::string_view)>& put, std::string_view beside = {});

// The same without the tensors: null stands in their place.
nlohmann::json summary_json(const Report& report);
nlohmann::json tensor_json(const TensorReport& tensor);

// `document`, of which a member is "tensors": null, with `count` entries in that place.
void put_with_tensors(std::string document, std::size_t count, const std::function<std::string(std::size_t)>& entry,
                      const std::function<void(std::string_view)>& put);

}  // namespace torch2mlx::weights
