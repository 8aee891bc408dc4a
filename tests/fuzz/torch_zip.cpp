// Zip archives of torch.save and torch.export. Checksums are not compared, so that mutations get past them.
#include "fuzz.h"
#include "read/torch_checkpoint.h"
#include "read/torch_export_zip.h"

using namespace torch2mlx;

FUZZ(bytes) {
  return fuzz::attempt([&] {
    const fuzz::File file(bytes);
    const ZipArchive archive(file.mapped());
    if (!is_exported_archive(archive))
      return fuzz::read_all(read_torch_zip(file.mapped(), archive, fuzz::collect, false), bytes.size());
    const ExportedArchive exported = read_exported_zip(archive, {}, false);
    fuzz::read_elements(exported.weights);
    fuzz::read_elements(exported.constants);
  });
}
