"""Files as torch.save wrote them before 1.6: the stream, and the tar of PyTorch 0.1 with the objects of its days."""

from __future__ import annotations

import io
import pickle
import struct
import tarfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch
from torch import nn

SOURCE = ("file.py", "raise SystemExit('the source of a class is no code to run')")
LITTLE = {"protocol_version": 1000, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}


def stream(value: Any, path: Path, protocol: int = 2) -> Path:
    torch.save(value, path, _use_new_zipfile_serialization=False, pickle_protocol=protocol)
    return path


class OldPickler(pickle.Pickler):
    """Tensors by number, parameters as the variables that they were, classes of modules with their source."""

    def __init__(self, file: io.BytesIO, protocol: int) -> None:
        super().__init__(file, protocol)
        self.tensors: dict[int, torch.Tensor] = {}
        self.classes: set[type] = set()

    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, type) and issubclass(obj, nn.Module) and obj not in self.classes:
            self.classes.add(obj)
            return (obj, *SOURCE)
        if isinstance(obj, torch.Tensor) and not isinstance(obj, nn.Parameter):
            self.tensors[id(obj)] = obj
            return str(id(obj))
        return None

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, nn.Parameter):
            return nn.Parameter, (obj.detach(),), (obj.requires_grad, False, OrderedDict())
        # torch.FloatTensor is no class any more; it is pickled by its name.
        return obj.__name__ if isinstance(obj, type(torch.FloatTensor)) else NotImplemented


def pickled(value: Any, protocol: int = 2) -> bytes:
    file = io.BytesIO()
    OldPickler(file, protocol).dump(value)
    return file.getvalue()


def storage(key: int, tensor: torch.Tensor, protocol: int = 2) -> bytes:
    """(key, location, class), the count of the elements and they."""
    whole = tensor.untyped_storage()
    kind = getattr(torch, tensor.type().removeprefix("torch.").replace("Tensor", "Storage"))
    count = whole.nbytes() // tensor.element_size()
    return pickled((key, "cpu", kind), protocol) + struct.pack("<q", count) + bytes(whole.tolist())


def layout(key: int, of: int, tensor: torch.Tensor, offset: int, protocol: int = 2) -> bytes:
    """(key, storage, class), int32 dimensions, four bytes of no meaning, sizes, strides and offset."""
    numbers = (*tensor.shape, *tensor.stride(), offset)
    head = pickled((key, of, getattr(torch, tensor.type().removeprefix("torch."))), protocol)
    return head + struct.pack("<i4s", tensor.dim(), b"junk") + struct.pack(f"<{len(numbers)}q", *numbers)


def members(value: Any, protocol: int = 2, views: bool = False) -> dict[str, bytes]:
    """What a tar holds; with `views` each tensor lies in a view that begins where the tensor does."""
    file = io.BytesIO()
    pickler = OldPickler(file, protocol)
    pickler.dump(value)
    storages: dict[int, bytes] = {}
    tensors, rows = [], []
    for key, tensor in pickler.tensors.items():
        root = target = tensor.untyped_storage()._cdata
        offset = tensor.storage_offset()
        storages.setdefault(root, storage(root, tensor, protocol))
        if views:
            target = key + 1  # an address in the middle of an object, which is nobody's
            rows.append((target, root, offset, tensor.untyped_storage().nbytes() // tensor.element_size() - offset))
            offset = 0
        tensors.append(layout(key, target, tensor, offset, protocol))
    return {
        "sys_info": pickled(LITTLE, protocol),
        "pickle": file.getvalue(),
        "tensors": pickled(len(tensors), protocol) + b"".join(tensors),
        "storages": pickled(len(storages), protocol) + b"".join(storages.values()) + pickled(rows, protocol),
    }


def tar(path: Path, parts: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    """As PyTorch 0.1 did it, with times as fractions, which take extended headers; `kind` is that of the last."""
    with tarfile.open(path, "w:", format=tarfile.PAX_FORMAT) as archive:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1485000000.25
            info.type = kind if name == [*parts][-1] else tarfile.REGTYPE
            archive.addfile(info, io.BytesIO(content))
    return path
