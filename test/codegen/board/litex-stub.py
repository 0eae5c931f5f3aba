"""Runs a project's litex/soc.py with stand-ins for migen, LiteX and LiteX-Boards: litex-stub.py SOC.PY [TOOLCHAIN]. They know what the generated
scripts may use (LiteX 2023.12), with its arguments, and refuse anything else. Prints what was put together as JSON."""
import json
import os
import runpy
import sys
import types

made = {"ports": {}, "sources": [], "slaves": {}, "masters": {}, "bones": 0}


class Signal:
    def __init__(self, width=1):
        self.width = width

    def __invert__(self):
        return Signal(self.width)


class Specials:
    def __iadd__(self, instance):
        return self


class Module:
    def __new__(cls, *args, **kwargs):
        self = object.__new__(cls)
        self.specials = Specials()
        return self


def Instance(module, **ports):
    made["module"] = module
    made["ports"] = {name: signal.width for name, signal in ports.items()}
    return module


class Channel:
    def __init__(self, **widths):
        self.valid, self.ready = Signal(), Signal()
        for name, width in widths.items():
            setattr(self, name, Signal(width))


class AXILiteInterface:
    def __init__(self, data_width=32, address_width=32):
        self.kind = "axi-lite"
        self.aw = self.ar = Channel(addr=address_width)
        self.w = Channel(data=data_width, strb=data_width // 8)
        self.b = Channel(resp=2)
        self.r = Channel(resp=2, data=data_width)


class AXIInterface:
    def __init__(self, data_width=32, address_width=32, id_width=1):
        self.kind = "axi"
        self.aw = self.ar = Channel(addr=address_width, len=8, size=3, burst=2, id=id_width)
        self.w = Channel(data=data_width, strb=data_width // 8, last=1, id=id_width)
        self.b = Channel(resp=2, id=id_width)
        self.r = Channel(resp=2, data=data_width, last=1, id=id_width)


class SoCRegion:
    def __init__(self, origin=None, size=None, cached=True):
        assert origin % size == 0
        self.origin, self.size, self.cached = origin, size, cached


class Bus:
    def add_slave(self, name, slave, region):
        assert not region.cached
        made["slaves"][name] = slave.kind

    def add_master(self, name, master):
        made["masters"][name] = master.kind


class Platform:
    def add_source(self, path):
        assert os.path.exists(path), path
        made["sources"].append(path)


class BaseSoC:
    def __init__(self, variant="a7-35", toolchain="vivado", sys_clk_freq=100e6, **soc):
        # A processor that initialises the memory, and whose messages nobody reads.
        assert soc == {"cpu_type": "vexriscv", "uart_name": "stub"}, soc
        assert toolchain in ("vivado", "openxc7"), toolchain
        made["variant"], made["toolchain"], made["clock"] = variant, toolchain, sys_clk_freq
        self.platform, self.bus, self.submodules = Platform(), Bus(), types.SimpleNamespace()

    def add_uartbone(self, name="uartbone", uart_name="serial", clk_freq=None, baudrate=115200, cd="sys"):
        made["bones"] += 1
        made["baud"] = baudrate


class Builder:
    def __init__(self, soc, output_dir=None, compile_software=True, compile_gateware=True, csr_csv=None):
        assert compile_software and not compile_gateware, "the processor has its program, and nobody runs Vivado"
        made["output"], made["csr"] = output_dir, csr_csv

    def build(self, build_name, run):
        made["name"], made["run"] = build_name, run
        # CHIPDB and PRJXRAY_DB_DIR have to be known, as LiteX's own toolchain asks for them.
        if made["toolchain"] == "openxc7":
            assert os.path.isdir(os.environ["CHIPDB"]) and os.path.isdir(os.environ["PRJXRAY_DB_DIR"])
        gateware = os.path.join(made["output"], "gateware")
        os.makedirs(gateware)
        for ending in ("v", "xdc"):
            with open(os.path.join(gateware, f"{build_name}.{ending}"), "w") as file:
                file.write(f"{ending} of {made['toolchain']}\n")


def module(name, **content):
    sys.modules[name] = found = types.ModuleType(name)
    found.__dict__.update(content)
    parent, _, last = name.rpartition(".")
    if parent:
        if parent not in sys.modules:
            module(parent)
        setattr(sys.modules[parent], last, found)
    return found


module("migen", Instance=Instance, Module=Module, Signal=Signal, ClockSignal=lambda name: Signal(), ResetSignal=lambda name: Signal())
module("litex.soc.interconnect.axi", AXIInterface=AXIInterface, AXILiteInterface=AXILiteInterface)
module("litex.soc.integration.builder", Builder=Builder)
module("litex.soc.integration.soc", SoCRegion=SoCRegion)
module("litex_boards.targets.digilent_arty", BaseSoC=BaseSoC)

del sys.argv[0]
sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0])))
runpy.run_path(sys.argv[0], run_name="__main__")
print(json.dumps(made))
