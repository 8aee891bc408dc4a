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


def load(folder: Path) -> Any:
    """The folder's model by the class its config.json names, in the dtype of its weights, in eval mode.

    Code in the folder is never run. Raises InputError if transformers cannot build it.
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
    names = config.get("architectures") or []
    cls = getattr(transformers, names[0], None) if names else None
    transformers.utils.logging.disable_progress_bar()
    try:
        return (
            (cls or transformers.AutoModel)
            .from_pretrained(folder, local_files_only=True, trust_remote_code=False, use_safetensors=True)
            .eval()
        )
    except Exception as error:  # transformers raises all sorts for what it does not know
        raise InputError(f"transformers cannot build the model: {error}", place=str(folder)) from error


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
