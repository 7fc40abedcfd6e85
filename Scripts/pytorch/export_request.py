"""What `export.py` is asked to export: a module from a factory, its weights, and its inputs."""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from batch_file import read_batch


class RequestError(Exception):
    """Which word of the command cannot be followed, and why."""


@dataclass
class Request:
    module: nn.Module
    args: tuple[Tensor, ...]
    kwargs: dict[str, Tensor]
    labels: Any


def request_of(options: argparse.Namespace) -> Request:
    torch.manual_seed(options.seed)
    module = module_of(options)
    if options.weights:
        load_weights(module, options.weights)
    arrays = read_batch(options.batch_file) if options.batch_file else {}
    labels = arrays.pop("labels", options.labels)
    generator = torch.Generator().manual_seed(options.seed)
    unnamed = []
    for place, text in enumerate(options.input):
        name, tensor = noise(text, generator)
        if name:
            arrays[name] = tensor
        elif arrays:
            raise RequestError(f"--input {text}: inputs after a named one need a name too")
        else:
            unnamed.append(tensor)
    if not unnamed and not arrays:
        raise RequestError("an input is needed: --input 8x3x64x64 or --batch-file arrays.npz")
    return Request(module, tuple(unnamed), arrays, labels)


def module_of(options: argparse.Namespace) -> nn.Module:
    words = dict(option(text) for text in options.option)
    if options.timm:
        try:
            import timm
        except ImportError as error:
            raise RequestError("--timm needs the package timm") from error
        try:
            return timm.create_model(options.timm, **words)
        except (RuntimeError, TypeError) as error:
            raise RequestError(f"--timm {options.timm}: {error}") from error
    if not options.factory:
        raise RequestError("a factory (MODULE:CALLABLE) or --timm NAME is needed")
    source, made = named(options.factory)
    if not isinstance(made, nn.Module):
        if options.config:
            made = made(getattr(source, options.config)(**words))
        else:
            made = made(**words)
    if not isinstance(made, nn.Module):
        raise RequestError(f"{options.factory} gives a {type(made).__name__}, not a torch.nn.Module")
    return made


def named(text: str) -> tuple[Any, Any]:
    """The module of Python, and what is named in it."""
    place, _, name = text.rpartition(":")
    if not place:
        raise RequestError(f"{text}: name a factory as MODULE:CALLABLE or FILE.py:CALLABLE")
    try:
        if place.endswith(".py"):
            specification = importlib.util.spec_from_file_location(Path(place).stem, place)
            source = importlib.util.module_from_spec(specification)
            specification.loader.exec_module(source)
        else:
            source = importlib.import_module(place)
    except (ImportError, OSError) as error:
        raise RequestError(f"{place} cannot be imported: {error}") from error
    found = source
    for part in name.split("."):
        if not hasattr(found, part):
            raise RequestError(f"{place} has no {name}")
        found = getattr(found, part)
    return source, found


def option(text: str) -> tuple[str, Any]:
    name, is_given, value = text.partition("=")
    if not is_given or not name.isidentifier():
        raise RequestError(f"--option {text}: write NAME=VALUE")
    try:
        return name, ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return name, value


def load_weights(module: nn.Module, path: Path) -> None:
    """Every name of the file and of the module has to be the other's."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        state = load_file(path)
    else:
        state = torch.load(path, map_location="cpu", weights_only=True)
    for outer in ("state_dict", "model"):
        if isinstance(state.get(outer), dict):
            state = state[outer]
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        raise RequestError(f"{path} does not fit the module: {error}") from error


def noise(text: str, generator: torch.Generator) -> tuple[str | None, Tensor]:
    """An input from [NAME=]8x3x64x64[:int:HIGH]."""
    name, is_named, rest = text.rpartition("=")
    shape, _, kind = rest.partition(":")
    try:
        extents = [int(n) for n in shape.split("x")]
        if min(extents) < 1:
            raise ValueError
        if not kind:
            return name or None, torch.randn(extents, generator=generator)
        word, high = kind.split(":")
        if word != "int":
            raise ValueError
        return name or None, torch.randint(int(high), extents, generator=generator)
    except ValueError as error:
        raise RequestError(
            f"--input {text}: write [NAME=]8x3x64x64, and :int:HIGH behind it for whole numbers") from error
