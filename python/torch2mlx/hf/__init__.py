"""What is particular to Hugging Face: folders as live models, and the inputs their models take."""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any

from ..errors import InputError, UnsupportedError


def is_pretrained(model: Any) -> bool:
    """Is this a model of transformers? Does not import it."""
    transformers = sys.modules.get("transformers.modeling_utils")
    return transformers is not None and isinstance(model, transformers.PreTrainedModel)


def is_folder(path: Path) -> bool:
    return (path / "config.json").is_file()


def load(folder: Path, trust_code: bool = False) -> Any:
    """The folder's model by the class its config.json names, in the dtype of its weights, in eval mode.

    A class that is code in the folder (`auto_map`) is run with `trust_code` alone. Raises UnsupportedError without it,
    InputError if transformers cannot build the model.
    """
    try:
        import transformers
    except ImportError as error:
        raise UnsupportedError(
            "building a live model from a Hugging Face folder needs transformers",
            place=str(folder),
            hint="pip install 'torch2mlx[hf]'",
        ) from error
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    own = _own_class(config)
    cls = _own_loader(folder, own) if own and trust_code else _known_class(config)
    if cls is None and own:
        raise UnsupportedError(
            f"its class is code that comes with it: {own[1]}",
            place=str(folder),
            hint="--trust-remote-code or trust_code=True, if you trust the folder: its own code runs then",
        )
    transformers.utils.logging.disable_progress_bar()
    try:
        return (
            (cls or transformers.AutoModel)
            .from_pretrained(
                folder, local_files_only=True, trust_remote_code=bool(own and trust_code), use_safetensors=True
            )
            .eval()
        )
    except Exception as error:  # transformers raises all sorts for what it does not know
        raise InputError(f"transformers cannot build the model: {error}", place=str(folder)) from error


def _own_class(config: dict[str, Any]) -> tuple[str, str] | None:
    """(Auto class of transformers, "modeling_own.OwnModel") of a model whose class is no part of transformers."""
    classes = config.get("auto_map")
    models = classes.items() if isinstance(classes, dict) else ()
    found = [(auto, name) for auto, name in models if auto.startswith("AutoModel") and isinstance(name, str)]
    names = config.get("architectures") or []
    named = [row for row in found if names and row[1].rpartition(".")[2] == names[0]]
    return next(iter([*named, *(row for row in found if row[0] == "AutoModel"), *found]), None)


def _own_loader(folder: Path, own: tuple[str, str]) -> Any:
    import transformers

    auto, name = own
    if "--" in name:
        raise InputError(
            f"its class is code of another repository: {name}",
            place=str(folder),
            hint="put the file into the folder, and its name into config.json",
        )
    cls = getattr(transformers, auto, None)
    if cls is None:
        raise InputError(f"transformers has no {auto}", place=str(folder / "config.json"))
    return cls


def _known_class(config: dict[str, Any]) -> Any:
    """The class of transformers itself; None: it has none."""
    import transformers

    names = config.get("architectures") or []
    cls = getattr(transformers, names[0], None) if names else None
    known = config.get("model_type") in transformers.models.auto.configuration_auto.CONFIG_MAPPING_NAMES
    return cls or (transformers.AutoModel if known else None)


def example_inputs(model: Any, batch: int, length: int) -> dict[str, Any]:
    """Keyword arguments of forward() for what the model's main input is: tokens, pixels or sound."""
    import torch

    generator = torch.Generator().manual_seed(0)
    config = model.config
    accepted = inspect.signature(model.forward).parameters
    main = model.main_input_name
    if main == "input_ids":
        text = config.get_text_config() if hasattr(config, "get_text_config") else config
        ids = torch.randint(3, text.vocab_size, (batch, length), generator=generator)
        inputs = {"input_ids": ids}
        if "attention_mask" in accepted:
            inputs["attention_mask"] = torch.ones_like(ids)
        if "decoder_input_ids" in accepted:
            inputs["decoder_input_ids"] = ids[:, : length - 2].clone()
        return inputs
    if main == "pixel_values":
        size = getattr(config, "image_size", 224)
        height, width = (size, size) if isinstance(size, int) else tuple(size)
        return {"pixel_values": torch.randn(batch, config.num_channels, height, width, generator=generator)}
    raise InputError(
        f"example inputs for '{main}' cannot be made up", place="args", hint="give args and kwargs of a call"
    )
