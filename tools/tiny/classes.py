"""Which classes of transformers a model type stands for: its AutoModel, or a class of its configuration where it has
none; and the heads that tasks put on it."""

from __future__ import annotations

import importlib
import inspect
from functools import cache
from typing import Any


def base_class(model_type: str) -> Any:
    """The class of a type, None where transformers has none."""
    import transformers
    from transformers.models.auto.modeling_auto import MODEL_MAPPING_NAMES

    name = MODEL_MAPPING_NAMES.get(model_type)
    if name:
        names = [name] if isinstance(name, str) else list(name)
        for each in names:
            if found := getattr(transformers, each, None):
                return found
    classes = classes_of(model_type)
    plain = [cls for cls in classes if cls.__name__.endswith("Model")]
    return (plain or classes or [None])[0]


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
    for cls in vars(module).values():
        if inspect.isclass(cls) and issubclass(cls, PreTrainedModel) and cls.__module__ == module.__name__:
            runs = cls.forward is not PreTrainedModel.forward and "PreTrained" not in cls.__name__
            if runs and getattr(cls, "config_class", None) is config:
                found.append(cls)
    return tuple(sorted(found, key=lambda cls: inspect.getsourcelines(cls)[1]))
