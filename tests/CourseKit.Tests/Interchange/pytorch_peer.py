# PyTorch's side of PyTorchTests: for every case in the folder it loads our weights and runs them, then makes weights of its own and runs those.
# The safetensors package is not needed: a file is eight bytes of length, a JSON header, and the numbers.
import json
import pathlib
import struct
import sys

import torch
from torch import nn

TYPES = {"F32": (torch.float32, 4), "F64": (torch.float64, 8)}


def read(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        numbers = torch.frombuffer(bytearray(raw[8 + length + begin:8 + length + end]), dtype=TYPES[entry["dtype"]][0])
        tensors[name] = numbers.reshape(entry["shape"])
    return tensors


def write(path, tensors):
    header, body = {}, b""
    for name, tensor in tensors.items():
        dtype = next(key for key, (kind, _) in TYPES.items() if kind == tensor.dtype)
        data = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


class CharacterModel(nn.Module):
    def __init__(self, vocabulary, hidden, tied):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, hidden)
        self.lstm = nn.LSTM(hidden, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, vocabulary)
        if tied:
            self.linear.weight = self.embedding.weight

    def forward(self, x):
        y, _ = self.lstm(self.embedding(x.long()))
        return self.linear(y)


def make(case):
    if case["kind"] == "Model":
        return CharacterModel(case["input"], case["hidden"], case["tied"])
    options = {"RNN": {"nonlinearity": case["nonlinearity"]}, "LSTM": {"proj_size": case["projection"]}, "GRU": {}}[case["kind"]]
    return getattr(nn, case["kind"])(case["input"], case["hidden"], case["layers"], bidirectional=case["bidirectional"], batch_first=True, **options)


def run(module, inputs):
    dtype = next(module.parameters()).dtype
    given = {name: tensor.to(dtype) for name, tensor in inputs.items()}
    if "h0" not in given:
        return {"y": module(given["x"])}
    state = (given["h0"], given["c0"]) if "c0" in given else given["h0"]
    y, after = module(given["x"], state)
    return {"y": y, "hn": after[0], "cn": after[1]} if "c0" in given else {"y": y, "hn": after}


for folder in sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir()):
    case = json.loads((folder / "case.json").read_text())
    inputs = read(folder / "inputs.safetensors")
    with torch.no_grad():
        module = make(case)
        module.load_state_dict(read(folder / "ours.safetensors"))
        write(folder / "ours-run-there.safetensors", run(module, inputs))
        torch.manual_seed(7)
        module = make(case)
        if case["double"]:
            module.double()
        write(folder / "theirs.safetensors", module.state_dict())
        write(folder / "theirs-run-there.safetensors", run(module, inputs))
