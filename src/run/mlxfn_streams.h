// The device of every operation in a .mlxfn file. MLX writes the stream that it traced on and honours it when it
// imports; an MLX without a GPU cannot trace on one, so files for a GPU are traced on the CPU and told otherwise here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace torch2mlx::run {

struct StreamPlace {
  std::int32_t index = 0;    // of the stream
  std::int32_t device = 0;   // 0: CPU, 1: GPU
  std::uint64_t offset = 0;  // in the file, of the device
  std::string primitive;     // whose stream it is: "Matmul"
};

// The streams of a file, in order, by the format of mlx/export.cpp. Throws Error(unsupported) for files of another MLX
// version and for primitives that this one does not write, Error(input) for damaged ones.
std::vector<StreamPlace> streams_of(const std::filesystem::path& path);

// Moves what runs on the stream `index` to the GPU.
void move_to_gpu(const std::filesystem::path& path, std::int32_t index);

}  // namespace torch2mlx::run
