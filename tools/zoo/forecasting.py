"""Forecasters of neuralforecast, called with the windows that their trainer makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Net, floats, ones

WINDOW = {"h": 4, "input_size": 16, "max_steps": 1}
# class -> constructor arguments; of those that take several series at once
ROWS: dict[str, dict[str, Any]] = {
    "RNN": {"encoder_hidden_size": 8, "decoder_hidden_size": 8},
    "GRU": {"encoder_hidden_size": 8, "decoder_hidden_size": 8},
    "LSTM": {"encoder_hidden_size": 8, "decoder_hidden_size": 8},
    "DilatedRNN": {"encoder_hidden_size": 8, "decoder_hidden_size": 8},
    "MLP": {"hidden_size": 16},
    "NHITS": {"mlp_units": 3 * [[16, 16]]},
    "NBEATS": {"mlp_units": 3 * [[16, 16]]},
    "DLinear": {},
    "NLinear": {},
    "TFT": {"hidden_size": 16, "n_head": 2},
    "VanillaTransformer": {"hidden_size": 16, "n_head": 2, "conv_hidden_size": 16},
    "Informer": {"hidden_size": 16, "n_head": 2, "conv_hidden_size": 16},
    "PatchTST": {
        "hidden_size": 16,
        "n_heads": 2,
        "linear_hidden_size": 16,
        "patch_len": 4,
        "stride": 2,
        "encoder_layers": 1,
    },
    "FEDformer": {"hidden_size": 16, "n_head": 8, "conv_hidden_size": 16, "modes": 4},
    "TimesNet": {"hidden_size": 16, "conv_hidden_size": 16, "encoder_layers": 1},
    "BiTCN": {"hidden_size": 8},
    "TiDE": {"hidden_size": 16, "decoder_output_dim": 8, "temporal_decoder_dim": 8},
    "DeepNPTS": {"hidden_size": 16},
    "KAN": {"hidden_size": 8},
}
SEVERAL: dict[str, dict[str, Any]] = {
    "TSMixer": {"ff_dim": 16},
    "MLPMultivariate": {"hidden_size": 16},
    "iTransformer": {"hidden_size": 16, "n_heads": 2, "e_layers": 1, "d_ff": 16},
    "SOFTS": {"hidden_size": 16, "d_core": 16, "e_layers": 1, "d_ff": 16},
    "TimeMixer": {"d_model": 8, "d_ff": 8, "down_sampling_layers": 1},
    "RMoK": {},
}
SERIES = 3


def nets() -> list[Net]:
    one = {
        "insample_y": floats("B", 16, 1),
        "insample_mask": ones("B", 16, 1),
        "futr_exog": None,
        "hist_exog": None,
        "stat_exog": None,
    }
    several = {**one, "insample_y": floats("B", 16, SERIES), "insample_mask": ones("B", 16, SERIES)}
    return [
        *(Net(name, maker(name, options), (one,)) for name, options in ROWS.items()),
        *(Net(name, maker(name, {**options, "n_series": SERIES}), (several,)) for name, options in SEVERAL.items()),
    ]


def maker(name: str, options: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import neuralforecast.models

        return getattr(neuralforecast.models, name)(**WINDOW, **options)

    return make
