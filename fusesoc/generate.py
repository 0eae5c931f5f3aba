#!/usr/bin/env python3
"""FuseSoC's generator (gapi 1.0): runs `firebrick compile` and writes a core of what it made.

FuseSoC calls it in an empty folder with a YAML file: gapi, files_root, vlnv, and parameters, of which `model` is a file of the core that
asks, or a network of the zoo; `command` is how Firebrick is called, `firebrick` without it; every other one is an option of
`firebrick compile`, such as `board: pynq-z2` or `array: 8x8`.
"""
import os
import shlex
import subprocess
import sys

import yaml

PROJECT = "accelerator"


def command_line(config):
    """The words of `firebrick compile`."""
    parameters = dict(config.get("parameters") or {})
    if "model" not in parameters:
        sys.exit("firebrick: the generator wants the parameter `model`")
    model = str(parameters.pop("model"))
    path = os.path.join(config["files_root"], model)
    words = shlex.split(str(parameters.pop("command", "firebrick")))
    words += ["compile", path if os.path.exists(path) else model, "-o", PROJECT]
    for name, value in parameters.items():
        words += [f"--{name}", str(value)]
    return words


def core(config):
    """The core of a project: the Verilog of a board's where there is a board."""
    listing = os.path.join(PROJECT, "board", "files.f")
    has_board = os.path.exists(listing)
    if not has_board:
        listing = os.path.join(PROJECT, "files.f")
    with open(listing, encoding="utf-8") as source:
        files = source.read().split()
    top = "top"
    if has_board and os.path.exists(os.path.join(PROJECT, "board", "firebrick_axi.v")):
        files.append("board/firebrick_axi.v")
        top = "firebrick_axi"
    return {
        "name": config["vlnv"],
        "description": "Accelerator that Firebrick compiled",
        "filesets": {"rtl": {"files": [f"{PROJECT}/{name}" for name in files], "file_type": "verilogSource-2005"}},
        "targets": {"default": {"filesets": ["rtl"], "toplevel": top}},
    }


def main(path):
    with open(path, encoding="utf-8") as source:
        config = yaml.safe_load(source)
    if str(config.get("gapi")) != "1.0":
        sys.exit(f"firebrick: gapi {config.get('gapi')} is not 1.0")
    subprocess.run(command_line(config), check=True)
    name = config["vlnv"].split(":")[2]
    with open(f"{name}.core", "w", encoding="utf-8") as target:
        target.write("CAPI=2:\n" + yaml.safe_dump(core(config), sort_keys=False))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
