"""Stands in for PYNQ (pynq.readthedocs.io, 3.0): Overlay, DefaultIP and allocate, as far as the driver and the notebook use them.
Behind them is the verilated accelerator of the library that DEVICE names. What PYNQ would refuse is refused."""
import ctypes
import os

import numpy

LIBRARY = ctypes.CDLL(os.environ["DEVICE"])
LIBRARY.device_create.restype = ctypes.c_void_p
LIBRARY.device_memory.restype = ctypes.POINTER(ctypes.c_uint8)
LIBRARY.device_message.restype = ctypes.c_char_p
LIBRARY.device_read.restype = ctypes.c_uint32
BASE = 0x16800000
# The block design's cell, as the .hwh names it.
CELL, KIND = "accelerator", "xilinx.com:module_ref:firebrick_axi:1.0"
device = None


class Buffer(numpy.ndarray):
    """pynq.buffer.PynqBuffer."""

    device_address = BASE
    physical_address = BASE

    def flush(self):
        self.flushed = True

    def invalidate(self):
        pass


def allocate(shape, dtype="u4", target=None, **kwargs):
    global device
    assert device is None and not kwargs, "one buffer, of PYNQ's arguments"
    size = int(numpy.prod(shape)) * numpy.dtype(dtype).itemsize
    device = ctypes.c_void_p(LIBRARY.device_create(BASE, size))
    memory = numpy.ctypeslib.as_array(LIBRARY.device_memory(device), (size,))
    return memory.view(dtype).reshape(shape).view(Buffer)


class DefaultIP:
    known = {}

    def __init_subclass__(cls):
        for kind in cls.bindto:
            DefaultIP.known[kind] = cls

    def __init__(self, description):
        assert set(description) >= {"fullpath", "type", "phys_addr"}
        self.description = description

    def read(self, offset=0):
        assert offset % 4 == 0
        value = LIBRARY.device_read(device, offset)
        assert not LIBRARY.device_message(), LIBRARY.device_message()
        return value

    def write(self, offset, value):
        assert offset % 4 == 0 and isinstance(value, int)
        LIBRARY.device_write(device, offset, value)
        assert not LIBRARY.device_message(), LIBRARY.device_message()


class Overlay:
    def __init__(self, bitfile):
        for path in (bitfile, os.path.splitext(bitfile)[0] + ".hwh"):
            if not os.path.exists(path):
                raise IOError(f"{path} does not exist")
        description = {"fullpath": CELL, "type": KIND, "phys_addr": 0x43C00000}
        setattr(self, CELL, DefaultIP.known[KIND](description))
