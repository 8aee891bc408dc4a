// Runs a model.mlxfn without Python and without torch2mlx: MLX alone.
//
//   run_mlxfn model.mlxfn inputs.safetensors [model.safetensors] [--expect outputs.safetensors]
//
// inputs.safetensors holds the inputs as "0", "1" ... in order; model.safetensors the weights, for files that take them
// as keyword inputs. Prints every result; with --expect also how far it is from the array of the same number, and the
// exit status is 1 if one is further than 1e-5 of max(1, largest number).
#include <mlx/export.h>
#include <mlx/mlx.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace mx = mlx::core;

namespace {

std::unordered_map<std::string, mx::array> load(const std::string& path) {
  auto arrays = mx::load_safetensors(path).first;
  for (auto& [name, array] : arrays) mx::eval(array);
  return arrays;
}

std::vector<mx::array> numbered(const std::string& path) {
  const auto arrays = load(path);
  std::vector<mx::array> list;
  for (std::size_t i = 0; i < arrays.size(); ++i) list.push_back(arrays.at(std::to_string(i)));
  return list;
}

double distance(const mx::array& given, const mx::array& wanted) {
  if (given.shape() != wanted.shape()) return 1e30;
  if (given.size() == 0) return 0;
  const mx::array a = mx::astype(given, mx::float32), b = mx::astype(wanted, mx::float32);
  const float far = mx::max(mx::abs(mx::subtract(a, b))).item<float>();
  return far / std::max(1.0F, mx::max(mx::abs(b)).item<float>());
}

int run(const std::vector<std::string>& paths, const std::string& expected) {
  const mx::ImportedFunction function = mx::import_function(paths.at(0));
  std::cout << function.metadata() << "\n";
  const mx::Kwargs weights = paths.size() > 2 ? load(paths[2]) : mx::Kwargs();
  std::vector<mx::array> results = function(numbered(paths.at(1)), weights);
  mx::eval(results);
  const std::vector<mx::array> wanted = expected.empty() ? std::vector<mx::array>() : numbered(expected);
  bool same = wanted.empty() || wanted.size() == results.size();
  for (std::size_t i = 0; i < results.size(); ++i) {
    std::cout << i << ": " << results[i].shape() << " " << results[i].dtype();
    if (i < wanted.size()) {
      const double far = distance(results[i], wanted[i]);
      std::cout << "  " << far;
      same = same && far <= 1e-5;
    }
    std::cout << "\n";
  }
  return same ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> paths(argv + 1, argv + argc);
  std::string expected;
  if (const auto flag = std::ranges::find(paths, "--expect"); flag != paths.end() && flag + 1 != paths.end()) {
    expected = flag[1];
    paths.erase(flag, flag + 2);
  }
  if (paths.size() < 2 || paths.size() > 3) {
    std::fputs("usage: run_mlxfn model.mlxfn inputs.safetensors [model.safetensors] [--expect outputs.safetensors]\n",
               stderr);
    return 2;
  }
  try {
    return run(paths, expected);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "run_mlxfn: %s\n", error.what());
    return 1;
  }
}
