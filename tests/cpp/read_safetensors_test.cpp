#include "read_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

using Safetensors = Files;

TEST_F(Safetensors, TensorsInOrderOfTheirData) {
  const auto path =
      write("w.safetensors", safetensors(R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},)"
                                         R"("__metadata__":{"format":"pt"},)"
                                         R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
                                         R"("e":{"dtype":"BF16","shape":[3,0],"data_offsets":[12,12]}}  )",
                                         floats({1, 2, 3})));
  const Checkpoint checkpoint = open_checkpoint(path);
  ASSERT_EQ(checkpoint.tensors.size(), 3u);
  EXPECT_EQ(checkpoint.tensors[0].name, "a");
  EXPECT_THAT(values(checkpoint.tensors[0]), ElementsAre(1));
  EXPECT_THAT(values(checkpoint.tensors[1]), ElementsAre(2, 3));
  EXPECT_EQ(checkpoint.tensors[2].dtype, Dtype::bfloat16);
  EXPECT_EQ(checkpoint.tensors[2].elements(), 0);
  EXPECT_THAT(checkpoint.metadata, ElementsAre(Pair("format", "pt")));
  EXPECT_EQ(checkpoint.format, "safetensors");
}

TEST_F(Safetensors, TensorsShareTheStorageOfTheirFile) {
  const auto path = write("w.safetensors", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                                                       R"("b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]},)"
                                                       R"("c":{"dtype":"F32","shape":[1],"data_offsets":[6,10]}})",
                                                       floats({1}) + "xy" + floats({2})));
  const auto tensors = open_checkpoint(path).tensors;
  EXPECT_EQ(tensors[0].storage, tensors[1].storage);
  EXPECT_EQ(tensors[1].offset, 4);
  EXPECT_THAT(values(tensors[2]), ElementsAre(2)) << "begins within an element of the file's";
}

TEST_F(Safetensors, MlxWritesNullForNoMetadata) {
  const auto path = write("w.safetensors", safetensors(R"({"__metadata__":null})", ""));
  EXPECT_THAT(open_checkpoint(path).metadata, IsEmpty());
}

TEST_F(Safetensors, EveryDtypeOfTheFormat) {
  for (const DtypeRow& row : dtypes()) {
    if (row.safetensors.empty()) continue;
    const std::string header = R"({"w":{"dtype":")" + std::string(row.safetensors) +
                               R"(","shape":[2],"data_offsets":[0,)" + std::to_string(2 * row.size) + "]}}";
    const auto path = write("w.safetensors", safetensors(header, std::string(2u * row.size, '\0')));
    EXPECT_EQ(open_checkpoint(path).tensors[0].dtype, row.dtype);
  }
}

struct Bad {
  std::string header;
  std::size_t data;
  std::string message;
};

TEST_F(Safetensors, BadHeadersAreRefused) {
  const auto entry = [](const std::string& name, const std::string& shape, const std::string& offsets,
                        const std::string& dtype = "F32") {
    return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
  };
  const std::vector<Bad> all{
      {"{" + entry("w", "[1]", "[0,4]") + "," + entry("w", "[1]", "[4,8]") + "}", 8, "key 'w' occurs twice"},
      {"{" + entry("w", "[1]", "[0,4]") + "," + entry("\\u0077", "[1]", "[4,8]") + "}", 8, "key 'w' occurs twice"},
      {" {" + entry("w", "[1]", "[0,4]") + "}", 4, "does not begin with '{'"},
      {"{" + entry("w", "[1]", "[4,8]") + "}", 8, "tensor 'w': data begins at 4"},
      {"{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[1]", "[4,8]") + "}", 8, "tensor 'b': data begins at 4"},
      {"{" + entry("w", "[1]", "[0,4]") + "}", 5, "tensors end at 4 of 5"},
      {"{" + entry("w", "[2]", "[0,8]") + "}", 4, "leave the 4 bytes of data"},
      {"{" + entry("w", "[2]", "[0,4]") + "}", 4, "do not match shape and dtype"},
      {"{" + entry("w", "[1]", "[4,0]") + "}", 4, "leave the 4 bytes"},
      {"{" + entry("w", "[-1]", "[0,4]") + "}", 4, "sizes must be whole numbers"},
      {"{" + entry("w", "[1.5]", "[0,4]") + "}", 4, "sizes must be whole numbers"},
      {"{" + entry("w", "[4294967296,4294967296]", "[0,0]") + "}", 0, "product of the sizes is too large"},
      {"{" + entry("w", "[9223372036854775807,9223372036854775807,0]", "[0,0]") + "}", 0, "too large"},
      {"{" + entry("w", "[1]", "[0,4]", "F31") + "}", 4, "dtype 'F31' is not known"},
      {"{" + entry("w", "[1]", "[0,4,8]") + "}", 4, "two data_offsets"},
      {R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})", 4, "nothing else"},
      {R"({"w":7})", 0, "must have dtype"},
      {R"({"__metadata__":[]})", 0, "must be an object"},
      {R"({"__metadata__":{"a":1}})", 0, "'a' is not a string"},
      {R"({"w":)", 0, "is not JSON"},
      {"{}" + std::string(6, '\0'), 0, "byte 2: is not JSON"},
      {"{" + entry("w", "[1]", "[0,4]") + "}  " + std::string(1, '\0'), 4, "is not JSON"},
      {"{" + entry("w\\u0000" + std::string(1, '\0'), "[1]", "[0,4]") + "}", 4, "is not JSON"},
      {"{}\n", 0, "byte 2: only spaces may follow the object"},
      {"{} \t ", 0, "byte 3: only spaces may follow the object"},
      {"{}\r\n", 0, "only spaces may follow"},
      {"{} {}", 0, "is not JSON"},
      {"{}x", 0, "is not JSON"},
      {"{\"\xff\":1}", 0, "is not JSON"},
      {"{\"w\":" + std::string(100000, '['), 0, "nested deeper than 64"},
      {"{\"" + std::string("\x1b[31m") + "\":1}", 0, "is not JSON"},
  };
  for (const Bad& bad : all) {
    const std::string said = refusal(write("w.safetensors", safetensors(bad.header, std::string(bad.data, 'x'))));
    EXPECT_THAT(said, HasSubstr(bad.message)) << bad.header.substr(0, 200);
    EXPECT_THAT(said, ::testing::StartsWith("w.safetensors: header")) << bad.header.substr(0, 200);
  }
}

TEST_F(Safetensors, TruncatedAtEveryByte) {
  const std::string good = safetensors(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", floats({1}));
  EXPECT_THAT(refusal(write("w.safetensors", good)), IsEmpty());
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_NE(refusal(write("w.safetensors", good.substr(0, size))), "") << size;
  EXPECT_NE(refusal(write("w.safetensors", good + "x")), "");
}

TEST_F(Safetensors, HeaderLengthIsBounded) {
  EXPECT_THAT(refusal(write("w.safetensors", u64(100'000'001) + "{}")), HasSubstr("at most 100000000"));
  EXPECT_THAT(refusal(write("w.safetensors", u64(~0ull) + "{}")), HasSubstr("at most"));
  EXPECT_THAT(refusal(write("w.safetensors", u64(3) + "{}")), HasSubstr("a length of 3 bytes, but 2 follow"));
}

}  // namespace
}  // namespace torch2mlx::testing
