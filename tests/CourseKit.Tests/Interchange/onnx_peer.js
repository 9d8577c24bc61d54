// ONNX Runtime's side of OnnxTests: runs every case's model.onnx in the folder on inputs.json and writes outputs.json.
// Arguments: the node_modules folder that holds onnxruntime-node, and the folder of cases.
const fs = require('fs');
const path = require('path');
const ort = require(path.join(process.argv[2], 'onnxruntime-node'));

async function run(folder) {
  const session = await ort.InferenceSession.create(path.join(folder, 'model.onnx'), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = {};
  for (const [name, { shape, data, ids }] of Object.entries(JSON.parse(fs.readFileSync(path.join(folder, 'inputs.json'))))) {
    feeds[name] = ids ? new ort.Tensor('int64', BigInt64Array.from(data.map(BigInt)), shape) : new ort.Tensor('float32', Float32Array.from(data), shape);
  }
  const results = await session.run(feeds);
  const outputs = {};
  for (const name of session.outputNames) {
    outputs[name] = { shape: results[name].dims, data: Array.from(results[name].data) };
  }
  fs.writeFileSync(path.join(folder, 'outputs.json'), JSON.stringify({ inputs: session.inputNames, outputs }));
}

(async () => {
  for (const name of fs.readdirSync(process.argv[3]).sort()) {
    await run(path.join(process.argv[3], name));
  }
})().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
