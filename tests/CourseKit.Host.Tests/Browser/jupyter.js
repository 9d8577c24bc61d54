// Notebooks in Jupyter Notebook, used as a learner does. Arguments: the name of a case, and the notebook's address with its token.
'use strict';
const assert = require('assert');
const { launch, open, screenshot, run } = require('./browser.js');

const [, , name, address] = process.argv;
const server = new URL(address).origin;

const cell = n => `.code_cell >> nth=${n}`;
const output = n => `${cell(n)} >> .output_area`;
const prompt = async (page, n) => (await page.locator(`${cell(n)} >> .input_prompt`).textContent()).replace('\u00a0', ' ');
const until = async (what, condition, seconds = 60) => {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 100)))
    if (await condition()) return;
  throw new Error(`not within ${seconds} s: ${what}`);
};

// Opens the notebook and waits for its kernel.
const begin = async () => {
  const browser = await launch();
  // Nothing but this server. It asks itself for ipywidgets, which is not installed, and its MathJax for a font that is none; whatever else
  // fails is recorded with its address too.
  const { page, check } = await open(browser, address, {
    viewport: { width: 1200, height: 1000 },
    allow: url => url.startsWith(server) || url.startsWith(server.replace('http', 'ws')) || url === 'about:blank',
    ignore: text => /nbextensions\/widgets|about:blank|^console: Failed to load resource: (.* 404 |net::ERR_FAILED)/.test(text),
  });
  const idle = (seconds = 60) => until('the kernel is idle', () => page.locator('#kernel_indicator_icon.kernel_idle_icon').count(), seconds);
  await idle();
  return { page, check, idle };
};

const cases = {
  async learner() {
    const { page, check, idle } = await begin();
    assert.match(await page.locator('.kernel_indicator_name').textContent(), /\.NET \(C#\)/);

    // Run all: the live view is one picture that changes, and stays when the training is over.
    await page.click('#celllink');
    await page.click('#run_all_cells a');
    await page.locator(`${output(1)} >> .ck-live`).waitFor({ timeout: 60000 });
    const seen = new Set();
    await until('the live view has changed four times', async () => {
      assert.equal(await page.locator(`${cell(1)} >> .ck-live`).count(), 1);
      seen.add(await page.locator(`${output(1)} >> .ck-facts dd >> nth=0`).textContent());
      return seen.size >= 5;
    });
    await screenshot(page, 'jupyter-live');
    await until('the training is done', async () => /done/.test(await page.locator(`${output(1)} >> .ck-facts`).textContent()));
    assert.equal(await page.locator(`${cell(1)} >> .ck-live`).count(), 1);
    assert.match(await page.locator(`${output(1)} >> .ck-sample .ck-text`).textContent(), /^the /);
    const box = await page.locator(`${output(1)} >> svg >> nth=0`).boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    assert.ok(await page.locator(`${output(1)} >> .ck-tip:not([hidden])`).count() >= 1, 'the chart says nothing under the mouse');

    // The next cell never ends by itself: the stop button ends it, and the cell behind it is not run.
    await until('the endless cell runs', async () => /in the loop/.test(await page.locator(cell(2)).textContent()));
    assert.equal(await prompt(page, 2), 'In [*]:');
    const start = Date.now();
    await page.click('button[data-jupyter-action="jupyter-notebook:interrupt-kernel"]');
    await until('the cell says that it was interrupted', async () => /The cell was interrupted/.test(await page.locator(cell(2)).textContent()));
    assert.ok(Date.now() - start < 5000, `the interruption took ${Date.now() - start} ms`);
    await idle();
    assert.equal(await page.locator(`${cell(3)} >> .output_area`).count(), 0);

    // An error shows the line.
    const runCell = async n => {
      await page.locator(`${cell(n)} >> .input_area`).click();
      await page.keyboard.press('Control+Enter');
    };
    await runCell(3);
    await until('the error', async () => /line 2: CS0103/.test(await page.locator(cell(3)).textContent()));
    assert.match(await page.locator(cell(3)).textContent(), /\^{7}/);
    assert.ok(await page.locator(`${output(3)} >> .ansi-red-fg`).count() >= 1, 'the error does not stand out');

    // Tab completes, Shift+Tab explains.
    await page.locator(`${cell(4)} >> .input_area`).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Tab');
    await page.locator('#complete select').waitFor();
    assert.deepEqual((await page.locator('#complete option').allTextContents()).slice(0, 2), ['WindowHeight', 'WindowLeft']);
    await screenshot(page, 'jupyter-complete');
    await page.keyboard.press('Escape');
    await page.locator(`${cell(4)} >> .input_area`).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('riteLine(');
    await page.keyboard.press('Shift+Tab');
    await page.locator('#tooltip .tooltiptext').waitFor();
    assert.match(await page.locator('#tooltip .tooltiptext').textContent(), /static void Console\.WriteLine\(/);
    await screenshot(page, 'jupyter-explain');
    await page.keyboard.press('Escape');

    // A cell asks, the learner answers.
    await runCell(5);
    await page.locator(`${cell(5)} >> input.raw_input`).waitFor();
    await page.locator(`${cell(5)} >> input.raw_input`).fill('Ann');
    await page.keyboard.press('Enter');
    await until('the answer', async () => /Hello, Ann!/.test(await page.locator(cell(5)).textContent()));

    // A slider works without a server.
    await runCell(6);
    const slider = page.locator(`${output(6)} >> input[type=range]`);
    await slider.waitFor();
    const shown = () => page.locator(`${output(6)} >> figure:visible >> .ck-title`).allTextContents();
    const first = await shown();
    await slider.focus();
    await page.keyboard.press('End');
    assert.notDeepEqual(await shown(), first);

    // Restart: a fresh session that knows nothing of the cells before.
    await page.click('button[data-jupyter-action="jupyter-notebook:confirm-restart-kernel"]');
    await page.click('.modal-dialog button.btn-danger');
    await until('the kernel is gone', async () => await page.locator('#kernel_indicator_icon.kernel_idle_icon').count() === 0);
    await idle();
    await runCell(7);
    await until('the restarted kernel answers', async () => /CS0103: The name 'text' does not exist/.test(await page.locator(cell(7)).textContent()));
    assert.equal(await prompt(page, 7), 'In [1]:');
    await page.locator(`${cell(1)}`).scrollIntoViewIfNeeded();
    await screenshot(page, 'jupyter-end', { fullPage: true });
    check();
  },

  async pictures() {
    const { page, check, idle } = await begin();
    await page.click('#celllink');
    await page.click('#run_all_cells a');
    await until('the first cell runs', async () => /In \[\*\]|In.\[1\]/.test(await page.locator(`${cell(0)} >> .input_prompt`).textContent()));
    const last = await page.locator('.code_cell').count() - 1;
    await until('the last cell has run', async () => /\[\d+\]/.test(await prompt(page, last)), 180);
    await idle(180);
    for (let n = 0; n <= last; n++)
      assert.ok(await page.locator(output(n)).count() >= 1, `cell ${n} shows nothing`);
    assert.equal(await page.locator('.output_error').count(), 0);
    assert.ok(await page.locator('.ck-chart:visible').count() >= 20, 'pictures are missing');
    // Every slider goes to its end and shows another frame.
    const sliders = await page.$$('.output_area input[type=range]');
    assert.ok(sliders.length >= 3, `${sliders.length} sliders`);
    for (const slider of sliders) {
      const words = () => slider.evaluate(element => element.closest('.output_area').innerText);
      // One in a frame that is not shown moves with its like in the frame that is.
      if (!await slider.isVisible()) continue;
      await slider.focus();
      await page.keyboard.press('Home');
      const before = await words();
      await page.keyboard.press('End');
      assert.notEqual(await words(), before);
    }
    // Notebook 6 scrolls inside the page: the picture of all of it needs a window as high.
    const height = await page.evaluate(() => document.getElementById('notebook-container').scrollHeight);
    await page.setViewportSize({ width: 1100, height: Math.min(height + 200, 15000) });
    await screenshot(page, 'jupyter-pictures');
    check();
  },
};

run(() => cases[name]());
