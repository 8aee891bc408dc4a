// Files as torch.save wrote them before 1.6, made byte by byte.
#pragma once

#include "read_files.h"

namespace torch2mlx::testing {

inline std::string pickled(std::int64_t number) { return Opcodes().integer(number).stop(); }

inline std::string sys_info(bool little = true) {
  return Opcodes().raw("}").text("little_endian").raw(little ? "\x88" : "\x89").raw("s").stop();
}

// A storage as it lies in the file: the count of its float32 elements, then they.
inline std::string counted(const std::vector<float>& values) { return u64(values.size()) + floats(values); }

// The parts of a stream; each can be wrong.
struct Stream {
  std::string object = {};
  std::vector<std::string> keys = {};
  std::string data = {};  // of all storages
  std::string magic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
  std::string version = pickled(1001), info = sys_info();

  std::string bytes() const {
    Opcodes list;
    list.raw("](");
    for (const std::string& key : keys) list.text(key);
    return magic + version + info + object + list.raw("e").stop() + data;
  }
};

// The persistent id of a float32 storage, in the form of six; `view` pushes the sixth.
inline Opcodes& stored(Opcodes& out, const std::string& key, std::int64_t elements, const std::string& view = "N") {
  out.raw("(").text("storage").global("torch", "FloatStorage").text(key).text("cpu").integer(elements);
  return out.raw(view + "tQ");
}

// The view that `stored` takes: ('key', offset, elements).
inline std::string view_of(const std::string& key, std::int64_t offset, std::int64_t elements) {
  const std::string pickle = Opcodes().text(key).integer(offset).integer(elements).raw("\x87").stop();
  return pickle.substr(2, pickle.size() - 3);  // without protocol and STOP
}

// Opens the file once for each of its bytes, changed: it is refused, or every element of its tensors is in its file.
inline void change_every_byte(const std::string& sound, const std::filesystem::path& path) {
  for (std::size_t i = 0; i < sound.size(); ++i) {
    if (i > 0 && sound.substr(i - 1, 3) == std::string(3, '\0')) continue;  // fillings, each as good as its first byte
    for (const char flip : {'\x01', '\xff'}) {
      std::string bytes = sound;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      std::ofstream(path, std::ios::binary) << bytes;
      try {
        for (const Tensor& tensor : open_checkpoint(path).tensors)
          if (tensor.dtype == Dtype::float32) values(tensor);
      } catch (const Error& error) {
        EXPECT_THAT(error.place(), ::testing::StartsWith(path.filename().string())) << i;
      }
    }
  }
}

}  // namespace torch2mlx::testing
