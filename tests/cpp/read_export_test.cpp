#include "read/torch_export.h"
#include "read_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// The entry of one payload in a config.
std::string payload(const std::string& name, const std::string& file, const std::string& sizes,
                    const std::string& strides, const std::string& more = R"("dtype":7,"layout":7)",
                    const std::string& pickled = "false") {
  return "\"" + name + R"(":{"path_name":")" + file + R"(","is_param":true,"use_pickle":)" + pickled +
         R"(,"tensor_meta":{"sizes":)" + sizes + R"(,"strides":)" + strides +
         R"(,"requires_grad":false,"device":{"type":"cpu","index":null},"storage_offset":{"as_int":0},)" + more + "}}";
}

class Export : public Files {
 protected:
  std::filesystem::path archive(const std::string& weights, std::vector<ZipMember> more = {}) const {
    std::vector<ZipMember> members{
        {.name = "m/data/weights/weight_0", .data = floats({1, 2, 3, 4})},
        {.name = "m/data/weights/weight_1", .data = ""},
        {.name = "m/data/weights/model_weights_config.json", .data = R"({"config":{)" + weights + "}}"},
        {.name = "m/models/model.json", .data = R"({"graph_module":{}})"},
        {.name = "m/archive_format", .data = "pt2"}};
    members.insert(members.end(), more.begin(), more.end());
    return write("m.pt2", zip(members));
  }
};

const std::string two = R"([{"as_int":2}])", one_step = R"([{"as_int":1}])";

TEST_F(Export, WeightsConstantsAndModel) {
  const auto path =
      archive(payload("b.w", "weight_0", R"([{"as_int":2},{"as_int":2}])", R"([{"as_int":1},{"as_int":2}])") + "," +
                  payload("a.w", "weight_0", two, one_step),
              {{.name = "m/data/constants/tensor_0", .data = floats({9})},
               {.name = "m/data/constants/model_constants_config.json",
                .data = R"({"config":{)" + payload("c", "tensor_0", "[]", "[]") + "}}"}});
  const ExportedArchive read = read_exported_archive(path);
  EXPECT_EQ(read.model_json, R"({"graph_module":{}})");
  ASSERT_THAT(read.weights, SizeIs(2));
  EXPECT_EQ(read.weights[0].name, "b.w");
  EXPECT_THAT(values(read.weights[0]), ElementsAre(1, 3, 2, 4));
  EXPECT_THAT(values(read.weights[1]), ElementsAre(1, 2));
  EXPECT_EQ(first_byte(read.weights[0]), first_byte(read.weights[1]));
  ASSERT_THAT(read.constants, SizeIs(1));
  EXPECT_EQ(read.constants[0].name, "c");

  const Checkpoint checkpoint = open_checkpoint(path);
  EXPECT_EQ(checkpoint.format, "torch.export");
  EXPECT_THAT(checkpoint.tensors, SizeIs(2));
}

TEST_F(Export, SeveralModels) {
  const auto path = archive("", {{.name = "m/models/other.json", .data = "{}"}});
  EXPECT_EQ(read_exported_archive(path, "other").model_json, "{}");
  EXPECT_EQ(read_exported_archive(path).model_json, R"({"graph_module":{}})");
  EXPECT_THAT(refusal(path, "none"), HasSubstr("no model 'none' (hint: the archive holds model, other)"));
}

TEST_F(Export, BadPayloadsAreRefused) {
  const std::vector<std::pair<std::string, std::string>> all{
      {payload("w", "weight_0", two, one_step, R"("dtype":7,"layout":7)", "true"), "'weight_0' is stored as a pickle"},
      {payload("w", "../models/model", two, one_step), "a bad path_name"},
      {payload("w", "weight_9", two, one_step), "no record 'weight_9'"},
      {payload("w", "weight_1", two, one_step), "the record of its data is empty"},
      {payload("w", "weight_0", R"([{"as_int":5}])", one_step), "reaches element 4 of a storage of 4"},
      {payload("w", "weight_0", R"json([{"as_expr":{"expr_str":"__import__('os')"}}])json", one_step), "whole numbers"},
      {payload("w", "weight_0", R"([{"as_int":-1}])", one_step), "whole numbers"},
      {payload("w", "weight_0", "[]", one_step), "0 sizes but 1 strides"},
      {payload("w", "weight_0", two, one_step, R"("dtype":99,"layout":7)"), "dtype code 99"},
      {payload("w", "weight_0", two, one_step, R"("dtype":7,"layout":1)"), "sparse layout"},
      {payload("w", "weight_0", two, one_step) + "," + payload("w", "weight_0", two, one_step), "occurs twice"},
      {R"("w":3)", "a bad path_name"}};
  for (const auto& [weights, message] : all) EXPECT_THAT(refusal(archive(weights)), HasSubstr(message)) << weights;
}

TEST_F(Export, OtherArchivesAreNamed) {
  EXPECT_THAT(refusal(write("m.pt2", zip({{.name = "serialized_exported_program.json", .data = "{}"}}))),
              HasSubstr("before 2.8"));
  EXPECT_THAT(refusal(write("m.pt2", zip({{.name = "m/archive_format", .data = "pt2"}}))),
              HasSubstr("no exported program"));
  EXPECT_THROW(read_exported_archive(write("m.pt2", "hello")), Error);
}

}  // namespace
}  // namespace torch2mlx::testing
