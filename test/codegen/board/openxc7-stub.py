"""Stands for a tool of openXC7's flow: openxc7-stub.py TOOL ARGUMENTS. It knows the options that the generated rules may use, refuses others
and files that are not there, adds a line to the file STUB_LOG, and writes what it was asked for: what it is, and of what it was made."""
import argparse
import os
import re
import sys

tool, *arguments = sys.argv[1:]


def existing(path):
    assert os.path.exists(path), f"{tool}: {path} is missing"
    return path


def text(path):
    with open(existing(path)) as file:
        return file.read().strip()


def written(path, content):
    with open(path, "w") as file:
        file.write(f"{content}\n")


def log(*words):
    with open(os.environ["STUB_LOG"], "a") as file:
        file.write(" ".join([tool, *words]) + "\n")


def parsed(*options, positional=()):
    parser = argparse.ArgumentParser(prog=tool, allow_abbrev=False)
    for option in options:
        parser.add_argument(option, required=True)
    for name in positional:
        parser.add_argument(name)
    return parser.parse_args(arguments)


if tool == "yosys":
    quiet, flag, script = arguments
    assert (quiet, flag) == ("-q", "-p"), arguments
    form = r"read_verilog (.*); synth_xilinx -flatten -abc9 -family xc7 -top (\w+); write_json (\S+)"
    sources, top, netlist = re.fullmatch(form, script).groups()
    *accelerator, soc = [existing(path) for path in sources.split()]
    assert accelerator[-1] == "board/firebrick_axi.v" and len(set(accelerator)) > 20
    log(top)
    written(netlist, f"netlist of {text(soc)}")
elif tool == "nextpnr-xilinx":
    given = parsed("--chipdb", "--xdc", "--json", "--freq", "--fasm")
    existing(given.chipdb)
    log(str(float(given.freq)), text(given.xdc))
    written(given.fasm, f"fasm of {text(given.json)}")
elif tool == "fasm2frames":
    given = parsed("--part", "--db-root", positional=["fasm"])
    existing(given.db_root)
    log(given.part)
    print(f"frames of {text(given.fasm)}")
elif tool == "xc7frames2bit":
    given = parsed("--part_file", "--part_name", "--frm_file", "--output_file")
    existing(given.part_file)
    log(given.part_name)
    written(given.output_file, f"bits of {text(given.frm_file)}")
else:
    sys.exit(f"{tool} is no tool of this flow")
