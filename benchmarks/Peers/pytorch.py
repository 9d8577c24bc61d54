"""PyTorch on one case, for `bench --peer`. Answers each request on standard input with one line of JSON, and ends with its input:
step SECONDS, forward SECONDS (median ms), generate SECONDS (characters a second), memory (peak MB).
Called as: python3 pytorch.py CASES.json CASE THREADS"""
import json
import sys
import time

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, case):
        super().__init__()
        bidirectional = case.get("bidirectional", False)
        self.last = case.get("output") == "last_sigmoid"
        self.embedding = nn.Embedding(case["vocabulary"], case["embedding"])
        self.recurrent = getattr(nn, case["kind"])(case["embedding"], case["hidden"], case["layers"], bidirectional=bidirectional)
        self.decoder = nn.Linear(case["hidden"] * (2 if bidirectional else 1), 1 if self.last else case["vocabulary"])

    def forward(self, ids, state=None):
        y, state = self.recurrent(self.embedding(ids), state)
        return self.decoder(y[-1] if self.last else y), state


class Work:
    """What is measured: each method is one call."""

    def __init__(self, case):
        self.case, self.model = case, Net(case)
        self.parameters = list(self.model.parameters())
        self.adam = torch.optim.Adam(self.parameters, 1e-3)
        if "time" in case:
            rows = case["time"] * case["batch"]
            self.ids = torch.randint(0, case["vocabulary"], (case["time"], case["batch"]))
            self.targets = torch.randint(0, 2, (case["batch"], 1)).float() if self.model.last else torch.randint(0, case["vocabulary"], (rows,))

    def step(self):
        self.adam.zero_grad()
        logits, _ = self.model(self.ids)
        if self.model.last:
            loss = nn.functional.binary_cross_entropy_with_logits(logits, self.targets)
        else:
            loss = nn.functional.cross_entropy(logits.view(-1, self.case["vocabulary"]), self.targets)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 5.0)
        self.adam.step()

    def forward(self):
        with torch.no_grad():
            self.model(self.ids)

    def generate(self):
        with torch.no_grad():
            state, token = None, torch.zeros(1, 1, dtype=torch.long)
            for _ in range(self.case["characters"]):
                logits, state = self.model(token, state)
                token = torch.multinomial(torch.softmax(logits.view(1, -1), -1), 1)


def median_ms(call, seconds, least):
    times, end = [], time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e3 * sorted(times)[len(times) // 2]


def peak_mb():
    """The most memory that this process has held; None where the system does not tell."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None


def main():
    cases, name, threads = sys.argv[1:]
    with open(cases) as file:
        groups = json.load(file)
    case = next(case for case in groups["train"] + groups["generate"] if case["name"] == name)
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    work, warm = Work(case), set()
    print(json.dumps({"name": "PyTorch " + torch.__version__}), flush=True)
    for line in sys.stdin:
        what, *budget = line.split()
        if what == "memory":
            value = peak_mb()
        else:
            call, seconds = getattr(work, what), float(budget[0])
            if what not in warm:
                warm.add(what)
                median_ms(call, seconds, 2)
            value = median_ms(call, seconds, 3)
            if what == "generate":
                value = 1e3 * case["characters"] / value
        print(json.dumps({"value": value}), flush=True)


main()
