"""Files that are wrong in one place each: what every reader must refuse, with the class of the error and its words."""

from __future__ import annotations

import io
import json
import pickle
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn

import torch2mlx
from old_files import members, stream, tar

Change = Callable[[str, bytes], bytes | None]


class Wrong(NamedTuple):
    """`make` writes the file or folder into a folder and gives its path."""

    name: str
    make: Callable[[Path], Path]
    error: type[torch2mlx.Torch2MLXError]
    words: tuple[str, ...]  # of the message: which file, where in it, what


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def safetensors(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype: str = "F32", shape: tuple[int, ...] = (2,), begin: int = 0, end: int = 8) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def _safetensors(name: str, data: bytes, words: tuple[str, ...], error: Any = torch2mlx.InputError) -> Wrong:
    file = f"{name.replace(' ', '-')}.safetensors"
    return Wrong(f"safetensors, {name}", lambda folder: written(folder / file, data), error, (file, *words))


SAFETENSORS = [
    _safetensors("empty", b"", ("the file is empty",)),
    _safetensors("too short", b"abc", ("header", "3 bytes")),
    _safetensors("header length", safetensors({}, length=1 << 60), ("header", "1152921504606846976")),
    _safetensors("broken JSON", safetensors(b'{"a":'), ("header, byte 5", "not JSON")),
    _safetensors("truncated", safetensors({"a": entry()}, b"1234"), ("header, tensor 'a'", "data_offsets [0, 8]")),
    _safetensors("gap", safetensors({"a": entry(begin=4, end=12)}, b"." * 12), ("tensor 'a'", "data begins at 4")),
    _safetensors(
        "overlap", safetensors({"a": entry(), "b": entry(begin=4, end=12)}, b"." * 12), ("tensor 'b'", "ends at 8")
    ),
    _safetensors("sizes", safetensors({"a": entry(shape=(3,))}, b"." * 8), ("tensor 'a'", "do not match shape")),
    _safetensors("negative size", safetensors({"a": entry(shape=(-2,))}, b"." * 8), ("tensor 'a'", "whole numbers")),
    _safetensors(
        "dtype", safetensors({"a": entry(dtype="F33")}, b"." * 8), ("tensor 'a'", "'F33'"), torch2mlx.UnsupportedError
    ),
    _safetensors("padded by NUL", safetensors(b"{}" + bytes(6)), ("header, byte 2", "not JSON")),
    _safetensors("padded by a line", safetensors(b"{}   \n"), ("header, byte 5", "only spaces may follow")),
]


def saved(folder: Path, value: Any = None) -> Path:
    path = folder / "sound.pt"
    torch.save({"a": torch.ones(3)} if value is None else value, path)
    return path


def rewritten(source: Path, target: Path, change: Change) -> Path:
    """A zip archive whose records went through `change`; None leaves one out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def patched(source: Path, target: Path, marker: bytes, offset: int, data: bytes) -> Path:
    """Bytes overwritten at `offset` from the last `marker`."""
    content = bytearray(source.read_bytes())
    start = content.rindex(marker) + offset
    content[start : start + len(data)] = data
    return written(target, bytes(content))


def _record(ending: str, new: bytes | None) -> Change:
    return lambda name, data: new if name.endswith(ending) else data


def _torch(name: str, change: Change, words: tuple[str, ...], error: Any = torch2mlx.InputError) -> Wrong:
    return Wrong(name, lambda folder: rewritten(saved(folder), folder / "bad.pt", change), error, ("bad.pt", *words))


def _bytes(name: str, make: Callable[[Path], Path], words: tuple[str, ...], error: Any = torch2mlx.InputError) -> Wrong:
    return Wrong(name, make, error, words)


class _Id(NamedTuple):
    """What the pickle holds as a persistent id."""

    parts: tuple[Any, ...]


class _Ids(pickle.Pickler):
    def persistent_id(self, value: Any) -> Any:
        return value.parts if isinstance(value, _Id) else None


def with_ids(value: Any) -> bytes:
    buffer = io.BytesIO()
    _Ids(buffer, 2).dump(value)
    return buffer.getvalue()


def names(*globals_: str) -> list[Wrong]:
    """Pickles that hold a name, "module:name", but do not call it."""
    out = []
    for text in globals_:
        module, name = text.split(":")
        data = b"\x80\x04" + b"".join(bytes([0x8C, len(t)]) + t.encode() for t in (module, name)) + b"\x93."
        words = ("data.pkl, byte", f"'{module}.{name}'", "refused", "runs code or touches the system")
        out.append(_torch(f"pickle, {module}.{name}", _record(".pkl", data), words))
    return out


STORAGE = ("storage", torch.FloatStorage, "0", "cpu", 3)
FAR = b"\xff\xff\xff\x7f"
OS_SYSTEM = b"cos\nsystem\n(X\x04\x00\x00\x00truetR."
TORCH = [
    _bytes(
        "zip, truncated",
        lambda f: written(f / "bad.pt", saved(f).read_bytes()[:300]),
        ("bad.pt", "zip directory", "truncated"),
    ),
    _bytes(
        "zip, directory", lambda f: patched(saved(f), f / "bad.pt", b"PK\5\6", 16, FAR), ("bad.pt", "zip directory")
    ),
    _bytes("zip, local header", lambda f: patched(saved(f), f / "bad.pt", b"PK\1\2", 42, FAR), ("bad.pt", "zip entry")),
    _torch("zip, no data.pkl", _record(".pkl", None), ("data.pkl",)),
    _torch("zip, no storage", _record("/data/0", None), ("data.pkl, byte", "storage '0' has no record")),
    _torch("zip, short storage", _record("/data/0", b"1234"), ("data.pkl, byte", "storage '0' has 12 bytes")),
    _torch("pickle, opcode", _record(".pkl", b"\x80\x02\xff."), ("data.pkl, byte 2", "opcode 0xff")),
    _torch("pickle, truncated", _record(".pkl", b"\x80\x02}q\x00"), ("data.pkl, byte",)),
    _torch("pickle, os.system", _record(".pkl", OS_SYSTEM), ("data.pkl, byte 0", "'os.system'")),
    _bytes(
        "pickle, bare",
        lambda f: written(f / "bad.pt", pickle.dumps({"a": 1})),
        ("bad.pt", "a bare pickle", "hint"),
        torch2mlx.UnsupportedError,
    ),
    *names(
        "torch.fx.experimental.symbolic_shapes:ShapeEnv.evaluate_guards_expression",
        "torch.storage:_load_from_bytes",
        "torch._C:_load_global_deps",
        "torch:UntypedStorage.from_file",
        "logging:FileHandler",
        "copyreg:add_extension",
        "numpy:memmap",
    ),
    _torch("pickle, id of six", _record(".pkl", with_ids([_Id((*STORAGE, None))])), ("6 elements, 5 were expected",)),
    _torch("pickle, id of four", _record(".pkl", with_ids([_Id(STORAGE[:4])])), ("names no storage",)),
    _torch("pickle, id of a class", _record(".pkl", with_ids([_Id(("module", dict, "", ""))])), ("names no storage",)),
    _bytes("pickle, no tensors", lambda f: saved(f, {"epoch": 1}), ("sound.pt", "data.pkl", "no tensors")),
]


def _stream(
    name: str, change: Callable[[bytes], bytes], words: tuple[str, ...], error: Any = torch2mlx.InputError
) -> Wrong:
    """A stream of before 1.6; its last 20 bytes are a count, 3, and as many elements."""

    def make(folder: Path) -> Path:
        return written(folder / "bad.pt", change(stream({"a": torch.ones(3)}, folder / "sound.pt").read_bytes()))

    return Wrong(f"stream, {name}", make, error, ("bad.pt", *words))


def _keys(change: Callable[[list[str]], list[str]]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        start = data.rindex(pickle.PROTO + b"\x02]")
        return data[:start] + pickle.dumps(change(pickle.loads(data[start:])), 2) + data[-20:]

    return changed


def _tar(
    name: str,
    words: tuple[str, ...],
    change: Callable[[dict[str, bytes]], Any] = len,
    file: Callable[[bytes], bytes] = bytes,
    kind: bytes = tarfile.REGTYPE,
) -> Wrong:
    """A tar of PyTorch 0.1, wrong in its members, in its bytes or in the kind of its last member."""

    def make(folder: Path) -> Path:
        parts = members({"a": torch.ones(3)})
        change(parts)
        return written(folder / "bad.pt", file(tar(folder / "sound.pt", parts, kind).read_bytes()))

    return Wrong(f"tar, {name}", make, torch2mlx.InputError, ("bad.pt", *words))


TIB = struct.pack("<q", 1 << 38)
OLD = [
    _stream("count", lambda d: d[:-20] + struct.pack("<q", 4) + d[-12:], ("storage '", "4 elements, 3 in the object")),
    _stream("1 TiB", lambda d: d[:-20] + TIB + d[-12:], ("storage '", "274877906944 elements, 3 in the object")),
    _stream("truncated", lambda d: d[:-1], ("storage '", "3 elements of 4 bytes announced, 11 bytes left")),
    _stream("trailing bytes", lambda d: d + b"x", ("end, byte", "bytes follow the last storage")),
    _stream("second object", lambda d: d + d, ("end, byte", "a second object follows")),
    _stream("no key", _keys(lambda keys: []), ("object, byte", "is missing from the storage keys")),
    _stream("key too many", _keys(lambda keys: [*keys, "9"]), ("storage keys, byte", "key '9' is of no storage")),
    _stream("key twice", _keys(lambda keys: keys * 2), ("storage keys, byte", "occurs twice")),
    _stream("id of five", lambda d: d.replace(b"Nt", b"t", 1), ("object, byte", "5 elements, 6 were expected")),
    _stream("version", lambda d: d.replace(b"M\xe9\3", b"M\xea\3", 1), ("protocol version, byte", "1001 was expected")),
    _tar("no pickle", ("without 'pickle'",), lambda parts: parts.pop("pickle")),
    _tar("link", ("tar header, byte", "'storages' is a symbolic link"), kind=tarfile.SYMTYPE),
    _tar("other member", ("tar member '../pickle'",), lambda parts: parts.update({"../pickle": b""})),
    _tar("checksum", ("tar header, byte 1024", "checksum"), file=lambda d: d.replace(b"sys_info", b"sys_inf0", 1)),
    _tar("truncated", ("tar header, byte", "announced"), file=lambda d: d[: d.rindex(b"ustar") + 300]),
    _tar("twice", ("tar header, byte", "member 'sys_info' occurs twice"), file=lambda d: d[:2048] + d),
    _tar("short storage", ("storages, byte",), lambda parts: parts.update(storages=parts["storages"][:-30])),
    _tar("trailing bytes", ("tar header, byte", "the end of the archive"), file=lambda d: d + b"x"),
]


def folder_of(folder: Path, index: str | None) -> Path:
    """A Hugging Face folder with one shard, m.safetensors, that holds 'a'."""
    model = folder / "hf"
    written(model / "config.json", b"{}")
    if index is not None:
        written(model / "model.safetensors.index.json", index.encode())
        written(model / "m.safetensors", safetensors({"a": entry()}, b"." * 8))
    return model


def _folder(name: str, index: str | None, words: tuple[str, ...]) -> Wrong:
    return Wrong(f"folder, {name}", lambda folder: folder_of(folder, index), torch2mlx.InputError, ("hf", *words))


FOLDERS = [
    _folder("no weights", None, ("no weights in the folder", "hint")),
    _folder("index no JSON", "{", ("model.safetensors.index.json", "not JSON")),
    _folder("index and NUL", '{"weight_map": {"a": "m.safetensors"}}\0', ("index.json, byte 38", "not JSON")),
    _folder("no shard", '{"weight_map": {"a": "model-1.safetensors"}}', ("model-1.safetensors", "missing")),
    _folder("shard elsewhere", '{"weight_map": {"a": "../m.safetensors"}}', ("'../m.safetensors'",)),
    _folder("key not in shard", '{"weight_map": {"z": "m.safetensors"}}', ("'z'", "m.safetensors")),
]


def files(folder: Path, **values: Any) -> Path:
    """A folder `parts` of files of torch.save by their names."""
    for name, value in values.items():
        buffer = io.BytesIO()
        torch.save(value, buffer)
        written(folder / "parts" / name, buffer.getvalue())
    return folder / "parts"


ZERO_MODEL = {
    "module": {"a.weight": torch.empty(0)},
    "param_shapes": [{"a.weight": torch.Size([4, 4])}],
    "ds_config": {},
}
ZERO_RANK = {"optimizer_state_dict": {"zero_stage": 3, "partition_count": 2, "fp32_flat_groups": [torch.ones(8)]}}


def _parts(name: str, words: tuple[str, ...], error: Any = torch2mlx.InputError, **values: Any) -> Wrong:
    return Wrong(f"parts, {name}", lambda folder: files(folder, **values), error, ("parts", *words))


def _alone(name: str, value: Any, words: tuple[str, ...], error: Any = torch2mlx.UnsupportedError) -> Wrong:
    return Wrong(f"part, {name}", lambda folder: saved(folder, value), error, ("sound.pt", *words, "hint"))


PARTS = [
    _parts(
        "rank of ZeRO missing",
        ("optim_states.pt", "one of 2 partitions", "hint"),
        **{"mp_rank_00_model_states.pt": ZERO_MODEL, "zero_pp_rank_0_mp_rank_00_optim_states.pt": ZERO_RANK},
    ),
    _parts(
        "part of Meta missing",
        ("consolidated.00.pth", "missing", "hint"),
        **{"consolidated.01.pth": {"norm.weight": torch.ones(2)}},
    ),
    _parts("metadata of nobody", (".metadata",), **{".metadata": {"a": 1}}),
    _alone("stub of ZeRO", ZERO_MODEL, ("ZeRO-3", "'a.weight'")),
    _alone("rank of ZeRO", ZERO_RANK, ("partition of DeepSpeed ZeRO",)),
    _alone("no elements", {"a.weight": torch.empty(0)}, ("has elements",), torch2mlx.InputError),
]


def exported(folder: Path) -> Path:
    path = folder / "sound.pt2"
    torch.export.save(torch.export.export(nn.Linear(2, 3).eval(), (torch.ones(4, 2),)), path)
    return path


def _program(change: Callable[[dict[str, Any]], None]) -> Change:
    def changed(name: str, data: bytes) -> bytes:
        if not name.endswith("models/model.json"):
            return data
        program = json.loads(data)
        change(program)
        return json.dumps(program).encode()

    return changed


def _other_version(program: dict[str, Any]) -> None:
    program["schema_version"]["major"] = 99


def _other_op(program: dict[str, Any]) -> None:
    program["graph_module"]["graph"]["nodes"][0]["target"] = "torch.ops.aten.nonsense.default"


def _dangling(program: dict[str, Any]) -> None:
    program["graph_module"]["graph"]["nodes"][0]["inputs"][0]["arg"] = {"as_tensor": {"name": "nowhere"}}


def _exported(name: str, change: Change, words: tuple[str, ...], error: Any = torch2mlx.InputError) -> Wrong:
    def make(folder: Path) -> Path:
        return rewritten(exported(folder), folder / "bad.pt2", change)

    return Wrong(f"pt2, {name}", make, error, words)


# Their weights are sound: what is wrong shows when a graph is asked for.
GRAPHS = [
    _exported("broken JSON", _record("models/model.json", b'{"graph_module": '), ("bad.pt2: model.json", "not JSON")),
    _exported(
        "NUL behind the JSON",
        lambda name, data: data + b"\0" if name.endswith("models/model.json") else data,
        ("bad.pt2: model.json, byte", "not JSON"),
    ),
    _exported(
        "schema version",
        _program(_other_version),
        ("bad.pt2: model.json: schema_version", "99", "hint"),
        torch2mlx.UnsupportedError,
    ),
    _exported("dangling value", _program(_dangling), ("bad.pt2: model.json: node 0", "'nowhere'")),
    _exported("unknown op", _program(_other_op), ("node 0", "aten.nonsense.default"), torch2mlx.UnsupportedError),
]
OTHERS = [
    _exported("no program", _record("models/model.json", None), ("bad.pt2", "models/*.json")),
    _bytes("text", lambda f: written(f / "bad.pt2", b"hello"), ("bad.pt2", "not a format", "hint")),
    _bytes("missing", lambda f: f / "none.safetensors", ("none.safetensors", "No such file")),
]
