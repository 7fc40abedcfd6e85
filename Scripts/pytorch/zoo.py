"""Write a zoo of residual networks as ONNX files, each with a batch and the number of units that it has.

    python zoo.py FOLDER                    everything: 4 GB, in 10 to 30 minutes
    python zoo.py FOLDER --only resnet18 gpt2
    python zoo.py --list

Networks of torchvision, timm and transformers (from configurations: nothing is downloaded) and own ones, with seeded
random weights. Affine parameters are drawn anew, so that scales of 1, biases of 0 and branches that start at 0 matter,
and running statistics are those of the batch, disturbed. FOLDER/manifest.json lists

    {"name", "file", "batch", "units": 8 | "refused", "options": [...], "loss", "nodes", "bytes", "seconds",
     "difference", "remarks"}

`units` is the number of units of the reported stack, from the architecture; "refused" where there are none. `options`
are words for `propagate`. compare_onnx.py holds what `propagate` says of each against a second evaluation.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

import zoo_networks as own
from batch_file import write_batch
from export import ExportError, export, input_arrays, label_arrays
from module_results import choose
from onnx_graph import OnnxGraph
from onnx_operators import OnnxError

REFUSED = "refused"


@dataclass(frozen=True)
class Entry:
    name: str
    make: Callable[[], nn.Module]
    inputs: Callable[[torch.Generator], dict[str, Tensor]]
    units: int | str
    train_bn: bool = False
    opset: int = 20
    output: str | None = None
    loss: str | None = None
    exporter: str = "export"
    """`export`: export.py. `default`: torch.onnx.export as it is. `torchscript`: the older one, in training mode."""
    not_units: Sequence[str] = ()
    """Modules whose sums are said to be no units."""
    options: dict[str, Any] = field(default_factory=dict)
    """Of export()."""


def images(side: int = 64, count: int = 2) -> Callable[[torch.Generator], dict[str, Tensor]]:
    return lambda generator: {"": torch.randn(count, 3, side, side, generator=generator)}


def vectors(width: int = 12, count: int = 4) -> Callable[[torch.Generator], dict[str, Tensor]]:
    return lambda generator: {"": torch.randn(count, width, generator=generator)}


def tokens(*names: str, count: int = 2, length: int = 10, vocabulary: int = 96) -> Callable:
    names = names or ("input_ids",)
    return lambda generator: {n: torch.randint(vocabulary, (count, length), generator=generator) for n in names}


def masked_tokens(generator: torch.Generator) -> dict[str, Tensor]:
    found = tokens()(generator)
    mask = torch.ones_like(found["input_ids"])
    mask[1, -3:] = 0
    return found | {"attention_mask": mask}


def vision(name: str, **words: Any) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        import torchvision

        return torchvision.models.get_model(name, weights=None, **{"num_classes": 10} | words)

    return make


def segmentation() -> nn.Module:
    import torchvision

    return torchvision.models.segmentation.fcn_resnet50(weights=None, weights_backbone=None, num_classes=5)


def timm(name: str, **words: Any) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        import timm

        return timm.create_model(name, pretrained=False, **{"num_classes": 10} | words)

    return make


def language(model: str, configuration: str, **words: Any) -> Callable[[], nn.Module]:
    """Of transformers, small."""
    def make() -> nn.Module:
        import transformers

        transformers.logging.set_verbosity_error()
        usual = {
            "vocab_size": 96, "use_cache": False, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
            "attn_implementation": "eager",
        }
        return getattr(transformers, model)(getattr(transformers, configuration)(**usual | words))

    return make


SMALL = {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 64}
GATED = SMALL | {"num_key_value_heads": 2, "head_dim": 8}

ENTRIES = [
    # torchvision
    Entry("resnet18", vision("resnet18"), images(), 8),
    Entry("resnet18-train", vision("resnet18"), images(count=4), 8, train_bn=True),
    Entry("resnet18-opset18", vision("resnet18"), images(), 8, opset=18),
    Entry("resnet18-external", vision("resnet18"), images(), 8,
          options={"external_data": True, "dynamic_batch": True, "batch_format": "safetensors"}),
    Entry("resnet18-default", vision("resnet18"), images(), 8, exporter="default"),
    Entry("resnet18-torchscript", vision("resnet18"), images(count=4), 8, train_bn=True, opset=17,
          exporter="torchscript"),
    Entry("resnet34", vision("resnet34"), images(), 16),
    Entry("resnet50", vision("resnet50"), images(), 16),
    Entry("resnet50-train", vision("resnet50"), images(count=4), 16, train_bn=True),
    Entry("resnet101", vision("resnet101"), images(), 33),
    Entry("resnet152", vision("resnet152"), images(), 50),
    Entry("wide_resnet50_2", vision("wide_resnet50_2"), images(), 16),
    Entry("resnext50_32x4d", vision("resnext50_32x4d"), images(), 16),
    Entry("mobilenet_v2", vision("mobilenet_v2"), images(), 10),
    Entry("mobilenet_v3_small", vision("mobilenet_v3_small"), images(), 6),
    Entry("mobilenet_v3_large", vision("mobilenet_v3_large"), images(), 10),
    Entry("mnasnet1_0", vision("mnasnet1_0"), images(), 10),
    Entry("efficientnet_b0", vision("efficientnet_b0"), images(), 9),
    Entry("convnext_tiny", vision("convnext_tiny"), images(), 18),
    Entry("regnet_y_400mf", vision("regnet_y_400mf"), images(), 16),
    Entry("vit_b_16", vision("vit_b_16", image_size=64), images(), 24),
    Entry("swin_t", vision("swin_t"), images(), 24),
    Entry("fcn_resnet50", segmentation, images(), 16, output="out"),
    Entry("densenet121", vision("densenet121"), images(), REFUSED),
    Entry("vgg11", vision("vgg11"), images(count=1), REFUSED),
    Entry("squeezenet1_1", vision("squeezenet1_1"), images(), REFUSED),
    Entry("googlenet", vision("googlenet", aux_logits=False, init_weights=False), images(), REFUSED),
    # timm
    Entry("resnetv2_50", timm("resnetv2_50"), images(), 16),
    Entry("resnet26d", timm("resnet26d"), images(), 8),
    Entry("seresnet50", timm("seresnet50"), images(), 16),
    Entry("skresnet18", timm("skresnet18"), images(), 8),
    Entry("ecaresnet26t", timm("ecaresnet26t"), images(), 8),
    Entry("res2net50_26w_4s", timm("res2net50_26w_4s"), images(), 16),
    Entry("cspresnet50", timm("cspresnet50"), images(), 13),
    Entry("repvgg_a0", timm("repvgg_a0"), images(), 22),
    Entry("tf_efficientnetv2_b0", timm("tf_efficientnetv2_b0"), images(), 15),
    Entry("nf_resnet26", timm("nf_resnet26"), images(), 8),
    Entry("eca_nfnet_l0", timm("eca_nfnet_l0"), images(), 12),
    Entry("convnextv2_atto", timm("convnextv2_atto"), images(), 12),
    Entry("coatnet_pico_rw_224", timm("coatnet_pico_rw_224", img_size=64), images(), 19),
    Entry("mixer_s16_224", timm("mixer_s16_224", img_size=64), images(), 16),
    Entry("resmlp_12_224", timm("resmlp_12_224", img_size=64), images(), 24),
    Entry("deit_tiny_patch16_224", timm("deit_tiny_patch16_224", img_size=64), images(), 24),
    Entry("pvt_v2_b0", timm("pvt_v2_b0"), images(), 16),
    # A pooling branch has no weight layer, and so it is direct.
    Entry("poolformer_s12", timm("poolformer_s12"), images(), 12),
    # The stream of the first class attention is the class token, a parameter.
    Entry("cait_xxs24_224", timm("cait_xxs24_224", img_size=64), images(), 51),
    # Patch tokens pass beside class attention, free of weights.
    Entry("xcit_nano_12_p16_224", timm("xcit_nano_12_p16_224", img_size=64), images(), 36),
    # transformers
    Entry("gpt2", language("GPT2LMHeadModel", "GPT2Config", n_layer=3, n_embd=32, n_head=4), masked_tokens, 6),
    Entry("gpt2-opset23", language("GPT2LMHeadModel", "GPT2Config", n_layer=3, n_embd=32, n_head=4,
                                   attn_implementation="sdpa"), tokens(), 6, opset=23),
    Entry("gpt2-default", language("GPT2LMHeadModel", "GPT2Config", n_layer=3, n_embd=32, n_head=4), tokens(), 6,
          exporter="default"),
    Entry("bert", language("BertForSequenceClassification", "BertConfig", **SMALL), masked_tokens, 6),
    Entry("bert-hidden", language("BertModel", "BertConfig", **SMALL), tokens(), 6, loss="cotangent:7"),
    Entry("distilbert", language("DistilBertForMaskedLM", "DistilBertConfig", dim=32, n_layers=3, n_heads=4,
                                 hidden_dim=64), masked_tokens, 6),
    Entry("albert", language("AlbertForMaskedLM", "AlbertConfig", embedding_size=16, **SMALL), tokens(), 6),
    Entry("gpt_neox", language("GPTNeoXForCausalLM", "GPTNeoXConfig", **SMALL), tokens(), 3),
    Entry("gptj", language("GPTJForCausalLM", "GPTJConfig", n_layer=3, n_embd=32, n_head=4, rotary_dim=4), tokens(), 3),
    Entry("phi", language("PhiForCausalLM", "PhiConfig", **SMALL), tokens(), 3),
    Entry("llama", language("LlamaForCausalLM", "LlamaConfig", **GATED), masked_tokens, 6),
    Entry("qwen3", language("Qwen3ForCausalLM", "Qwen3Config", **GATED), tokens(), 6),
    Entry("gemma2", language("Gemma2ForCausalLM", "Gemma2Config", **GATED), tokens(), 6),
    Entry("opt", language("OPTForCausalLM", "OPTConfig", hidden_size=32, num_hidden_layers=3, num_attention_heads=4,
                          ffn_dim=64, word_embed_proj_dim=32), masked_tokens, 6),
    Entry("bloom", language("BloomForCausalLM", "BloomConfig", hidden_size=32, n_layer=3, n_head=4), tokens(), 6),
    # Experts one by one are a loop that depends on the data.
    Entry("mixtral", language("MixtralForCausalLM", "MixtralConfig", num_local_experts=3,
                              experts_implementation="batched_mm", **GATED), tokens(), 6),
    Entry("t5", language("T5ForConditionalGeneration", "T5Config", d_model=32, d_kv=8, d_ff=64, num_layers=2,
                         num_decoder_layers=2, num_heads=4, decoder_start_token_id=0),
          tokens("input_ids", "decoder_input_ids"), 10),
    Entry("bart", language("BartForConditionalGeneration", "BartConfig", d_model=32, encoder_layers=2, decoder_layers=2,
                           encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=64,
                           decoder_ffn_dim=64), tokens("input_ids", "decoder_input_ids"), 10),
    # own
    Entry("preactivation", own.PreActivation, images(16, 4), 9),
    Entry("preactivation-train", own.PreActivation, images(16, 4), 9, train_bn=True),
    Entry("after-addition-train", own.AfterAddition, images(16, 4), 4, train_bn=True),
    Entry("dense", own.Dense, vectors(), 6),
    Entry("plain", own.Plain, vectors(), REFUSED),
    Entry("highway", own.Highway, vectors(), 6),
    Entry("interpolated", own.Interpolated, vectors(), 6),
    Entry("rezero", own.ReZero, vectors(), 6),
    Entry("deepnorm", own.DeepNorm, vectors(), 6),
    Entry("assorted", own.Assorted, vectors(), 10),
    Entry("assorted-opset23", own.Assorted, vectors(), 10, opset=23),
    Entry("taps", own.Taps, vectors(), 6),
    Entry("streams", own.Streams, vectors(), 4),
    Entry("stacked-streams", own.StackedStreams, vectors(), 4),
    Entry("unet-concatenated", lambda: own.UNet(adds=False), images(16), 10),
    Entry("unet-opset21", lambda: own.UNet(adds=False), images(16), 10, opset=21),
    # The long shortcuts are units, and what they skip lies within their branches.
    Entry("unet-added", lambda: own.UNet(adds=True), images(16), 5),
    Entry("unet-added-excluded", lambda: own.UNet(adds=True), images(16), 10, not_units=("join.0", "join.1")),
]


@torch.no_grad()
def randomize(module: nn.Module, generator: torch.Generator) -> None:
    """Draw what initialisation leaves constant: scales about 1, shifts about 0, and what is to start a branch at 0."""
    def uniform(like: Tensor, low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(like.shape, generator=generator)

    for parameter in module.parameters():
        if not parameter.is_floating_point() or not parameter.numel():
            continue
        value = float(parameter.reshape(-1)[0])
        if parameter.numel() > 1 and bool((parameter != value).any()):
            continue
        if value == 0:
            drawn = 0.2 * torch.randn(parameter.shape, generator=generator)
        elif value == 1:
            drawn = uniform(parameter, 0.5, 1.5)
        else:
            drawn = uniform(parameter, 0.2, 0.8)
        parameter.copy_(drawn)


@torch.no_grad()
def calibrate(module: nn.Module, inputs: dict[str, Tensor], generator: torch.Generator) -> None:
    """Running statistics: those of the batch, disturbed by a tenth of a deviation and a factor of 0.7 to 1.4."""
    norms = [m for m in module.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm) and m.track_running_stats]
    if not norms:
        return
    momenta = [norm.momentum for norm in norms]
    module.eval()
    for norm in norms:
        norm.train()
        norm.momentum = 1.0
    call(module, inputs)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
        spread = norm.running_var.sqrt()
        norm.running_mean += 0.1 * spread * torch.randn(spread.shape, generator=generator)
        norm.running_var *= 0.7 * 2 ** torch.rand(spread.shape, generator=generator)
    module.eval()


def arguments(inputs: dict[str, Tensor]) -> tuple[tuple, dict[str, Tensor]]:
    return tuple(t for n, t in inputs.items() if not n), {n: t for n, t in inputs.items() if n}


def call(module: nn.Module, inputs: dict[str, Tensor]) -> Any:
    args, kwargs = arguments(inputs)
    return module(*args, **kwargs)


def made(entry: Entry) -> tuple[nn.Module, dict[str, Tensor]]:
    """The same module and inputs every time."""
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(1)
    module, inputs = entry.make().eval(), entry.inputs(generator)
    randomize(module, generator)
    calibrate(module, inputs, generator)
    return module, inputs


def write(entry: Entry, folder: Path) -> dict[str, Any]:
    """Export one network; its line of the manifest."""
    started = time.monotonic()
    module, inputs = made(entry)
    path, labels = folder / f"{entry.name}.onnx", None if entry.loss else "random:0"
    if entry.exporter == "export":
        args, kwargs = arguments(inputs)
        found = export(
            module, args, kwargs, path, train_bn=entry.train_bn, labels=labels, loss=entry.loss, output=entry.output,
            opset=entry.opset, **entry.options)
        if not found.agrees:
            raise ExportError(f"{entry.name}: {found.audit.verdict}")
        batch, difference, remarks = found.batch, found.audit.difference, [*found.remarks, *found.audit.remarks]
    else:
        batch, difference, remarks = write_otherwise(entry, module, inputs, path), None, []
    graph = OnnxGraph.read(path)
    options = [word for name in entry.not_units for word in ("--not-a-unit", sum_of(path, name))]
    return {
        "name": entry.name, "file": path.name, "batch": batch.name, "units": entry.units, "options": options,
        "loss": entry.loss or "cross-entropy", "nodes": len(graph.nodes), "bytes": sizes(path),
        "seconds": round(time.monotonic() - started, 1), "difference": difference, "remarks": remarks,
    }


def write_otherwise(entry: Entry, module: nn.Module, inputs: dict[str, Tensor], path: Path) -> Path:
    """As people export who know nothing of export.py."""
    args, kwargs = arguments(inputs)
    _, output, _ = choose(call(module, inputs), entry.output)
    if entry.exporter == "default":
        torch.onnx.export(module, args, path, kwargs=kwargs, verbose=False)
    else:
        module.train()
        torch.onnx.export(
            module, args, path, kwargs=kwargs, dynamo=False, training=torch.onnx.TrainingMode.TRAINING,
            do_constant_folding=False, opset_version=entry.opset)
    arrays = input_arrays(module, args, kwargs, OnnxGraph.read(path))
    batch = path.with_suffix(".batch.npz")
    write_batch(batch, arrays | label_arrays(output, "random:0", None))
    return batch


def sum_of(path: Path, module: str) -> str:
    """The result of the sum that a module of this name computes."""
    for node in onnx.load(path, load_external_data=False).graph.node:
        scopes = next((p.value for p in node.metadata_props if p.key == "pkg.torch.onnx.name_scopes"), "")
        if node.op_type == "Add" and f"'{module}'" in scopes:
            return node.output[0]
    raise ExportError(f"{path.name} has no sum of the module {module}")


def sizes(path: Path) -> int:
    return sum(f.stat().st_size for f in (path, path.with_name(path.name + ".data")) if f.exists())


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these networks; the manifest keeps the others")
    parser.add_argument("--list", action="store_true", help="print names and numbers of units")
    options = parser.parse_args(words)
    entries = [e for e in ENTRIES if not options.only or e.name in options.only]
    unknown = set(options.only or ()) - {e.name for e in ENTRIES}
    if unknown or not (options.list or options.folder):
        problem = f"no network {', '.join(sorted(unknown))}" if unknown else "a folder is needed"
        print(f"zoo: {problem}", file=sys.stderr)
        return 2
    if options.list:
        for entry in entries:
            print(f"{entry.name:24}{entry.units}")
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    return write_all(entries, options.folder)


def write_all(entries: Sequence[Entry], folder: Path) -> int:
    file = folder / "manifest.json"
    lines = {line["name"]: line for line in (json.loads(file.read_text()) if file.exists() else [])}
    failed = 0
    print(f"{'name':24}{'units':>8}{'nodes':>7}{'MB':>8}{'s':>7}{'difference':>12}")
    for entry in entries:
        lines.pop(entry.name, None)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                line = write(entry, folder)
        except (ExportError, OnnxError, ImportError, RuntimeError, TypeError, ValueError) as error:
            failed += 1
            reason = f"{type(error).__name__}: {str(error)[:200]}"
            print(f"{entry.name:24}{entry.units:>8}  not exported: {reason}", flush=True)
            continue
        lines[entry.name] = line
        difference = "–" if line["difference"] is None else f"{line['difference']:.1e}"
        print(f"{entry.name:24}{entry.units:>8}{line['nodes']:7}{line['bytes'] / 1e6:8.1f}{line['seconds']:7.1f}"
              f"{difference:>12}", flush=True)
        order = {e.name: place for place, e in enumerate(ENTRIES)}
        ordered = sorted(lines.values(), key=lambda line: order.get(line["name"], len(order)))
        file.write_text(json.dumps(ordered, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
