// ONNX Runtime on recurrent layers alone, for `bench --peer`. Answers each request on standard input with one line of JSON, and ends with its input:
// recurrent SECONDS (median ms), difference (the greatest between its output and the one in Y).
// Called as: node onnxruntime.cjs MODULES MODEL.onnx X Y DIMENSIONS THREADS, where X and Y are files of float32 numbers and DIMENSIONS are those of x: 32,50,128.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');

const [modules, model, xFile, yFile, dimensions, threads] = process.argv.slice(2);
const runtime = require(path.join(path.resolve(modules), 'onnxruntime-node'));

function numbers(file) {
  const bytes = fs.readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

async function medianMs(call, seconds, least) {
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < least || performance.now() < end) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

async function main() {
  const session = await runtime.InferenceSession.create(model, { intraOpNumThreads: Number(threads), interOpNumThreads: 1 });
  const x = new runtime.Tensor('float32', numbers(xFile), dimensions.split(',').map(Number));
  const call = () => session.run({ x }, ['y']);
  let warm = false;
  console.log(JSON.stringify({ name: 'ONNX Runtime' }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [what, seconds] = line.split(' ');
    let value;
    if (what === 'difference') {
      const expected = numbers(yFile);
      const { data } = (await call()).y;
      if (data.length !== expected.length)
        throw new Error(`y has ${data.length} numbers, but ${expected.length} are expected`);
      value = data.reduce((most, number, i) => Math.max(most, Math.abs(number - expected[i])), 0);
    } else {
      if (!warm) {
        warm = true;
        await medianMs(call, Number(seconds), 2);
      }
      value = await medianMs(call, Number(seconds), 3);
    }
    console.log(JSON.stringify({ value }));
  }
}

main().then(() => process.exit(0), error => {
  console.error(error.message);
  process.exit(1);
});
