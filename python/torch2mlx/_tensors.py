"""Live tensors and arrays as the library takes them, and between torch and MLX. Nothing is copied on the way in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .errors import InputError, UnsupportedError

if TYPE_CHECKING:
    import mlx.core as mx
    import torch

CALL_ONCE = "call the model once, so that lazy layers learn sizes"
LARGEST_DENSE = 1 << 30  # bytes of a sparse tensor, as for files

# (name, torch dtype, shape, strides, offset, address, bytes, owner)
Description = tuple[str, str, tuple[int, ...], tuple[int, ...], int, int, int, object]


def describe_all(tensors: Mapping[str, Any]) -> list[Description]:
    """A dict of torch tensors, NumPy arrays or mlx arrays. Raises InputError naming every entry that is none."""
    described, problems = [], []
    for name, value in tensors.items():
        root = type(value).__module__.partition(".")[0]
        if not isinstance(name, str) or not _is_text(name):
            problems.append(f"key {name!r} is no string of UTF-8")
        elif root == "torch" or hasattr(value, "untyped_storage"):
            described.append(_describe_torch(name, value))
        elif hasattr(value, "__array_interface__") or root == "mlx":
            described.append(_describe_numpy(name, value))
        else:
            problems.append(f"{name}: {type(value).__qualname__} is no tensor")
    if problems:
        raise InputError("the mapping holds more than tensors", details=problems)
    return described


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _describe_torch(name: str, tensor: torch.Tensor) -> Description:
    import torch

    if without_elements(tensor):
        where = "on the meta device" if tensor.device.type == "meta" else "fake"
        raise InputError(f"the tensor is {where} and has no data", place=name)
    if isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin):
        raise InputError("is not initialized", place=name, hint=CALL_ONCE)
    if tensor.is_nested:
        raise UnsupportedError("tensors of layout nested cannot be converted", place=name)
    held = _plain(tensor.detach(), name).resolve_conj().resolve_neg().cpu()
    storage = held.untyped_storage()
    dtype = str(held.dtype).removeprefix("torch.")
    shape, strides = tuple(held.shape), tuple(held.stride())
    return name, dtype, shape, strides, held.storage_offset(), storage.data_ptr(), storage.nbytes(), held


def without_elements(tensor: torch.Tensor) -> bool:
    """On the meta device, or of FakeTensorMode, whose storages are there: asking for their address ends the process."""
    import torch

    if tensor.device.type == "meta":
        return True
    plain = tensor.layout == torch.strided and not tensor.is_nested and not hasattr(tensor, "full_tensor")
    try:
        return plain and tensor.untyped_storage().device.type == "meta"
    except (RuntimeError, NotImplementedError, ValueError):  # a class of tensors without a storage of its own
        return False


def _plain(tensor: torch.Tensor, name: str) -> torch.Tensor:
    """Element by element: whole where it is sharded, dense where it is sparse, numbers where it is quantized."""
    import torch

    if hasattr(tensor, "full_tensor"):  # a DTensor
        tensor = tensor.full_tensor()
    if tensor.layout != torch.strided:
        if tensor.numel() * tensor.element_size() > LARGEST_DENSE:
            raise UnsupportedError("would be more than 1 GiB as plain elements", place=name)
        return tensor.to_dense()
    if tensor.is_quantized:
        return tensor.dequantize()
    try:
        tensor.untyped_storage().data_ptr()
    except (RuntimeError, NotImplementedError) as error:
        raise UnsupportedError(f"a {type(tensor).__qualname__} has no elements of its own", place=name) from error
    return tensor


def _describe_numpy(name: str, value: Any) -> Description:
    import numpy as np

    dtype = ""
    if type(value).__module__.startswith("mlx"):
        import mlx.core as mx

        if value.dtype == mx.bfloat16:  # which NumPy has not
            value, dtype = value.view(mx.uint16), "bfloat16"
    array = np.asarray(value)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if any(stride < 0 or stride % array.itemsize for stride in array.strides):
        array = np.array(array, order="C")
    strides = tuple(stride // array.itemsize for stride in array.strides)
    last = sum((size - 1) * stride for size, stride in zip(array.shape, strides, strict=True))
    extent = (1 + last) * array.itemsize if array.size else 0
    return name, dtype or array.dtype.name, array.shape, strides, 0, array.ctypes.data, extent, array


def state_of(module: torch.nn.Module, keep_vars: bool = False) -> dict[str, torch.Tensor]:
    """The tensors of its state dict. Modules may put more there, settings and the like, which are no weights. Raises
    InputError naming entries that hold tensors in a structure of their own."""
    import torch
    from torch.utils import _pytree as pytree

    state = module.state_dict(keep_vars=keep_vars)
    others = {key: value for key, value in state.items() if not isinstance(value, torch.Tensor)}
    held = [
        f"{key}: {type(value).__qualname__} of tensors"
        for key, value in others.items()
        if any(isinstance(leaf, torch.Tensor) for leaf in pytree.tree_leaves(value))
    ]
    if held:
        raise InputError("the state dict holds more than tensors", place=type(module).__qualname__, details=held)
    return {key: value for key, value in state.items() if key not in others}


def tied(state: Mapping[str, torch.Tensor]) -> dict[str, str]:
    """{key: the key before it that has the same elements in the same order} of a state dict."""
    first: dict[object, str] = {}
    twins = {}
    for key, value in state.items():
        if value.numel() and not without_elements(value):
            storage = value.untyped_storage().data_ptr(), value.storage_offset()
            identity = (*storage, tuple(value.shape), value.stride(), value.dtype)
            if first.setdefault(identity, key) != key:
                twins[key] = first[identity]
    return twins


def describe_modules(model: torch.nn.Module) -> list[tuple[str, str, dict[str, object]]]:
    """Every module, depth first, a shared one under each of its names, with its constructor-like attributes.

    `torch_base` among them: the class of torch.nn that a class of one's own is derived from.
    """
    described = []
    for path, module in model.named_modules(remove_duplicate=False):
        kind = type(module).__bases__[0] if is_parametrized(module) else type(module)
        attributes = _attributes(module)
        own = [base for base in kind.__mro__ if base.__module__.startswith("torch.nn.modules.")]
        if own and own[0] is not kind:
            attributes["torch_base"] = f"{own[0].__module__}.{own[0].__qualname__}"
        for hook in module._forward_pre_hooks.values():
            if type(hook).__name__ == "SpectralNorm":  # torch.nn.utils.spectral_norm, the old spelling
                attributes[f"{hook.name}_dim"] = hook.dim
        described.append((path, f"{kind.__module__}.{kind.__qualname__}", attributes))
    return described


def is_parametrized(module: torch.nn.Module) -> bool:
    """By torch.nn.utils.parametrize; a module's own attribute of that name is no sign of it."""
    from torch.nn.utils import parametrize

    chains: Any = getattr(module, "parametrizations", None)
    return parametrize.is_parametrized(module) and all(
        isinstance(chain, parametrize.ParametrizationList) for chain in chains.values()
    )


def _attributes(module: torch.nn.Module) -> dict[str, object]:
    plain: dict[str, object] = {}
    for name, value in vars(module).items():
        if name.startswith("_") or name == "training":
            continue
        if value is None or isinstance(value, bool | int | float | str):
            if not isinstance(value, int) or isinstance(value, bool) or -(2**63) <= value < 2**63:
                plain[name] = value
        elif isinstance(value, tuple) and all(isinstance(item, int) for item in value):
            plain[name] = tuple(value)
    return plain


def to_mlx(value: Any) -> Any:
    """A torch tensor as an MLX array of the same type (float64 becomes float32); anything else as it is."""
    import mlx.core as mx
    import torch

    if not isinstance(value, torch.Tensor):
        return value
    tensor = value.detach().cpu().contiguous().resolve_conj()
    if tensor.dtype == torch.float64:
        tensor = tensor.float()
    if tensor.dtype == torch.bfloat16:
        return mx.array(tensor.view(torch.uint16).numpy()).view(mx.bfloat16)
    return mx.array(tensor.numpy())


def to_torch(array: mx.array) -> torch.Tensor:
    """An MLX array as a torch tensor of the same type."""
    import mlx.core as mx
    import numpy as np
    import torch

    if array.dtype == mx.bfloat16:
        return torch.from_numpy(np.array(array.view(mx.uint16))).view(torch.bfloat16)
    return torch.from_numpy(np.array(array))


def map_leaves(tree: Any, change: Callable[[Any], Any]) -> Any:
    """`change` applied to every leaf of nested tuples, lists, dicts and model outputs, in torch's own order."""
    from torch.utils import _pytree as pytree

    return pytree.tree_map(change, tree)
