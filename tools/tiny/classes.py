"""Which classes of transformers a model type stands for: its AutoModel, or a class of its configuration where it has
none; and the heads that tasks put on it."""

from __future__ import annotations

import contextlib
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

# The class of types whose first one is a part of it, or takes another configuration.
CLASSES = {
    "chameleon_vqgan": "ChameleonVQVAEEncoder",
    "deepseek_ocr2_encoder": "DeepseekOcr2VisionEncoder",
    "musicgen": "MusicgenForConditionalGeneration",
    "musicgen_melody": "MusicgenMelodyForConditionalGeneration",
    "pop2piano": "Pop2PianoForConditionalGeneration",
    "pp_formulanet": "PPFormulaNetForConditionalGeneration",
    "t5_gemma_module": "T5GemmaEncoder",
}
# Ends of names of what is too little to stand for a type.
PIECES = ("Attention", "Embedding", "Embeddings", "Layer", "MLP")


def base_class(model_type: str) -> Any:
    """The class of a type, None where transformers has none."""
    import transformers
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING
    from transformers.models.auto.modeling_auto import MODEL_MAPPING_NAMES

    if model_type in CLASSES:
        modules = modules_of(CONFIG_MAPPING[model_type])
        return next(cls for module in modules if (cls := getattr(module, CLASSES[model_type], None)))
    name = MODEL_MAPPING_NAMES.get(model_type)
    if name:
        names = [name] if isinstance(name, str) else list(name)
        for each in names:
            if found := getattr(transformers, each, None):
                return found
    classes = classes_of(model_type)
    plain = [cls for cls in classes if cls.__name__.endswith(("Model", "Backbone"))]
    return (plain or classes or parts_of(model_type) or [None])[0]


def heads(model_type: str) -> list[Any]:
    """The other classes of a type."""
    base = base_class(model_type)
    return [cls for cls in classes_of(model_type) if cls is not base]


@cache
def classes_of(model_type: str) -> tuple[Any, ...]:
    """Models whose configuration is that of the type, in the order of their source."""
    from transformers import PreTrainedModel
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    try:
        config = CONFIG_MAPPING[model_type]
        name = config.__module__.replace(".configuration_", ".modeling_")
        module = importlib.import_module(name)
    except (ImportError, KeyError, AttributeError):
        return ()
    found = []
    cls: Any
    for cls in vars(module).values():
        if inspect.isclass(cls) and issubclass(cls, PreTrainedModel) and cls.__module__ == module.__name__:
            runs = getattr(cls, "forward", None) is not PreTrainedModel.forward and "PreTrained" not in cls.__name__
            if runs and getattr(cls, "config_class", None) is config:
                found.append(cls)
    return tuple(sorted(found, key=lambda cls: inspect.getsourcelines(cls)[1]))


@cache
def parts_of(model_type: str) -> tuple[Any, ...]:
    """Modules that take the configuration of the type by the annotation of their `config`: models first, and then what
    stands last in its source, as that is made of what stands before it."""
    import torch
    from transformers import PreTrainedModel
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    config = CONFIG_MAPPING[model_type]
    found: list[tuple[bool, bool, int, Any]] = []
    cls: Any
    for module in modules_of(config):
        for cls in vars(module).values():
            if not (inspect.isclass(cls) and issubclass(cls, torch.nn.Module) and cls.__module__ == module.__name__):
                continue
            forward = getattr(cls, "forward", None) not in (PreTrainedModel.forward, torch.nn.Module.forward)
            takes = config.__name__ in configurations(cls) or getattr(cls, "config_class", None) is config
            whole = "PreTrained" not in cls.__name__ and not cls.__name__.endswith(PIECES)
            if forward and whole and takes:
                is_model = issubclass(cls, PreTrainedModel)
                named = cls.__name__.endswith("Model")
                line = inspect.getsourcelines(cls)[1]
                found.append((not is_model, not named, line if named else -line, cls))
    return tuple(cls for *_, cls in sorted(found, key=lambda row: row[:3]))


def modules_of(config: Any) -> Iterator[Any]:
    """The modules beside that of a configuration that models are in."""
    package = importlib.import_module(config.__module__.rpartition(".")[0])
    for path in sorted(Path(next(iter(package.__path__))).glob("*.py")):
        if path.stem.startswith("modeling_") or path.stem in ("vision", "perceiver"):
            with contextlib.suppress(ImportError):
                yield importlib.import_module(f"{package.__name__}.{path.stem}")


def configurations(cls: Any) -> set[str]:
    """Names of the configurations that a class says it takes, where nothing else is needed to make it."""
    parameters = inspect.signature(cls.__init__).parameters
    needed = [n for n, p in parameters.items() if p.default is inspect.Parameter.empty and p.kind in (0, 1, 3)]
    taken = parameters.get("config")
    if taken is None or needed != ["self", "config"]:
        return set()
    kinds = (taken.annotation, vars(cls).get("__annotations__", {}).get("config"))
    return {kind if isinstance(kind, str) else getattr(kind, "__name__", "") for kind in kinds}
