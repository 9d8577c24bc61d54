"""Golden numbers of torch.nn.LSTM with proj_size, float64, time-major: python3 make.py > lstm_projection.json"""
import json

import torch

torch.manual_seed(20)
layers, time, batch, inputs, hidden, projection = 2, 5, 3, 3, 6, 4
lengths = [5, 3, 2]
lstm = torch.nn.LSTM(inputs, hidden, layers, bidirectional=True, proj_size=projection).double()


def draw(*shape):
    return torch.rand(*shape, dtype=torch.float64) * 2 - 1


def golden(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]}


x, h0, c0 = (draw(time, batch, inputs), draw(2 * layers, batch, projection), draw(2 * layers, batch, hidden))
for tensor in (x, h0, c0):
    tensor.requires_grad_()
packed, (hn, cn) = lstm(torch.nn.utils.rnn.pack_padded_sequence(x, lengths), (h0, c0))
y, _ = torch.nn.utils.rnn.pad_packed_sequence(packed)
weights = {"loss_weight_y": draw(*y.shape), "loss_weight_h": draw(*hn.shape), "loss_weight_c": draw(*cn.shape)}
loss = (y * weights["loss_weight_y"]).sum() + (hn * weights["loss_weight_h"]).sum() + (cn * weights["loss_weight_c"]).sum()
loss.backward()
print(json.dumps({
    "framework": f"PyTorch {torch.__version__}", "kind": "LSTM", "layers": layers, "bidirectional": True, "nonlinearity": "tanh", "time": time, "batch": batch,
    "input": inputs, "hidden": hidden, "projection": projection, "lengths": lengths, "layout": "time-major (T,B,I)", "loss": loss.item(),
    **{name: golden(tensor) for name, tensor in {"x": x, "h0": h0, "c0": c0, "y": y, "hn": hn, "cn": cn, **weights, "grad_x": x.grad, "grad_h0": h0.grad, "grad_c0": c0.grad}.items()},
    "weights": {name: golden(tensor) for name, tensor in lstm.state_dict().items()},
    "grad_weights": {name: golden(tensor.grad) for name, tensor in lstm.named_parameters()},
}))
