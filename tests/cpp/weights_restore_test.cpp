#include "read_files.h"
#include "torch2mlx/restore.h"
#include "weights_checkpoint.h"

namespace torch2mlx::testing {
namespace {

using ::testing::HasSubstr;

class Restore : public Files {
 protected:
  // What restore says of a [2, 3, 3, 4] tensor "w" whose record holds `source`.
  std::string refused(const std::string& source) const {
    auto checkpoint = make_checkpoint({make_tensor("w", Dtype::float32, {2, 3, 3, 4})});
    checkpoint.metadata["torch2mlx"] =
        R"({"version":2,"tied":{},"dropped":{},"folded":{},"sources":{"w":)" + source + "}}";
    Options options;
    options.sync = false;
    try {
      restore(checkpoint, folder / "out.pt", options);
    } catch (const Error& error) {
      std::string text = error.what();
      for (const auto& detail : error.details()) text += "\n" + detail;
      return text;
    }
    return {};
  }
};

TEST_F(Restore, UndoesAPermutation) { EXPECT_EQ(refused(R"({"permute":[0,2,3,1]})"), ""); }

TEST_F(Restore, RefusesRecordsThatDoNotFit) {
  for (const char* permute : {"[5,2,3,0]", "[0,0,1,2]", "[-1,0,1,2]", "[1,0]", "[0,1,2,3,4]"})
    EXPECT_THAT(refused(std::string(R"({"permute":)") + permute + "}"), HasSubstr("does not fit its record"))
        << permute;
  EXPECT_THAT(refused(R"({"to":[{"key":"w","part":[0,1,2,2147483647]}],"shape":[2,3,3,4]})"),
              HasSubstr("out of range"));
  EXPECT_THAT(refused(R"({"to":[{"key":"w","part":[0,1,2,0]}],"shape":[9223372036854775807]})"),
              HasSubstr("out of range"));
}

TEST_F(Restore, RefusesNumbersThatNoIntegerHolds) {
  for (const char* source :
       {R"({"permute":[0,2e54,3,1]})", R"({"permute":[0,2.5,3,1]})", R"({"permute":[0,2,3,4294967297]})",
        R"({"groups":1e300})", R"({"shape":[18446744073709551615]})", R"({"permute":7})",
        R"({"quantization":{"mode":"affine","dtype":"float32","bits":4e99,"group_size":64}})"})
    EXPECT_THAT(refused(source), HasSubstr("no record of a conversion")) << source;
}

}  // namespace
}  // namespace torch2mlx::testing
