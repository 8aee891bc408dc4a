#include <sys/stat.h>

#include "read_files.h"

namespace torch2mlx::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string one_tensor(const std::string& name) {
  return safetensors("{\"" + name + R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", floats({1}));
}

using Folder = Files;

TEST_F(Folder, OneFileWithCompanions) {
  write("m/model.safetensors", one_tensor("w"));
  write("m/config.json", "{}");
  write("m/tokenizer.json", "{}");
  write("m/README.md", "");
  const Checkpoint checkpoint = open_checkpoint(folder / "m");
  EXPECT_THAT(checkpoint.tensors, SizeIs(1));
  EXPECT_EQ(checkpoint.path, folder / "m");
  EXPECT_EQ(checkpoint.format, "Hugging Face folder, safetensors");
  EXPECT_THAT(checkpoint.companions, ElementsAre(folder / "m" / "config.json", folder / "m" / "tokenizer.json"));
}

TEST_F(Folder, ShardsByIndex) {
  write("m/a.safetensors", one_tensor("x"));
  write("m/b.safetensors", one_tensor("y"));
  const auto index = write("m/model.safetensors.index.json",
                           R"({"metadata":{"total_size":8},"weight_map":{"x":"a.safetensors","y":"b.safetensors"}})");
  EXPECT_THAT(open_checkpoint(folder / "m").tensors, SizeIs(2));
  EXPECT_THAT(open_checkpoint(index).tensors, SizeIs(2));
  write("m/b.safetensors", "damaged");
  EXPECT_THAT(refusal(folder / "m"), StartsWith("m: b.safetensors: header"));
}

TEST_F(Folder, BadIndexesAreRefused) {
  write("m/a.safetensors", one_tensor("x"));
  write("a.safetensors", one_tensor("x"));
  fs::create_symlink(folder / "a.safetensors", folder / "m" / "link.safetensors");
  const std::vector<std::pair<std::string, std::string>> all{
      {R"({"weight_map":{"x":"../a.safetensors"}})", "bad shard name '../a.safetensors'"},
      {R"({"weight_map":{"x":"/etc/passwd"}})", "bad shard name '/etc/passwd'"},
      {R"({"weight_map":{"x":".."}})", "bad shard name"},
      {R"({"weight_map":{"x":"link.safetensors"}})", "link.safetensors: a link that leaves the folder"},
      {R"({"weight_map":{"x":"gone.safetensors"}})", "gone.safetensors: the file is missing"},
      {R"({"weight_map":{"x":7}})", "bad shard name '7'"},
      {R"({"weight_map":{"y":"a.safetensors"}})", "tensor 'y' is not in a.safetensors"},
      {R"({"weight_map":{"x":"a.safetensors","x":"a.safetensors"}})", "occurs twice"},
      {R"({"weight_map":{}})", "no weight_map"},
      {"[", "is not JSON"},
      {R"({"weight_map":{"x":"a.safetensors"}})" + std::string(2, '\0'), "is not JSON"},
      {R"({"weight_map":{"x":"a.safetensors"}})" + std::string("\0x", 2), "is not JSON"},
      {std::string(1000, '['), "nested deeper"}};
  for (const auto& [text, message] : all) {
    const auto index = write("m/model.safetensors.index.json", text);
    EXPECT_THAT(refusal(folder / "m"), HasSubstr(message));
    EXPECT_THAT(refusal(index), HasSubstr(message));
  }
}

TEST_F(Folder, LinksIntoTheBlobsOfTheCacheAreFollowed) {
  write("hub/blobs/abc", one_tensor("w"));
  fs::create_directories(folder / "hub/snapshots/rev");
  fs::create_symlink("../../blobs/abc", folder / "hub/snapshots/rev/model.safetensors");
  EXPECT_THAT(open_checkpoint(folder / "hub/snapshots/rev").tensors, SizeIs(1));
}

TEST_F(Folder, WithoutWeights) {
  write("m/config.json", "{}");
  EXPECT_THAT(refusal(folder / "m"), StartsWith("m: no weights in the folder"));
  EXPECT_THAT(refusal(folder / "m/"), StartsWith("m: no weights in the folder"));
}

TEST_F(Folder, WhatIsNoFileOfWeights) {
  EXPECT_THAT(refusal(folder / "gone.pt"), EndsWith("gone.pt: cannot open: No such file or directory"));
  EXPECT_THAT(refusal(write("empty.pt", "")), HasSubstr("empty.pt: the file is empty"));
  EXPECT_THAT(refusal(write("x.pt", "hello")), HasSubstr("not a format that is read"));
  EXPECT_THAT(refusal(write("x.pt", "version https://git-lfs.github.com/spec/v1\n")), HasSubstr("Git LFS"));
  EXPECT_THAT(refusal(write("x.gguf", "GGUF....")), HasSubstr("GGUF"));
  ASSERT_EQ(mkfifo((folder / "fifo.pt").c_str(), 0600), 0);
  EXPECT_THAT(refusal(folder / "fifo.pt"), HasSubstr("not a regular file"));
}

}  // namespace
}  // namespace torch2mlx::testing
