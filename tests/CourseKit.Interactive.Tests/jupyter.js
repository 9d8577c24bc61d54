// Charts of Plotly.NET in Jupyter Notebook 6 with the kernel of .NET Interactive. Argument: the notebook's address with its token.
'use strict';
const path = require('path');
const { launch, open, screenshot, run } = require(path.join(__dirname, '..', 'CourseKit.Host.Tests', 'Browser', 'browser.js'));

const [, , address] = process.argv;
const server = new URL(address).origin;
const until = async (what, condition, seconds = 90) => {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 100)))
    if (await condition()) return;
  throw new Error(`not within ${seconds} s: ${what}`);
};

run(async () => {
  const browser = await launch();
  // Nothing but this server, and what .NET Interactive's own script does whatever a notebook shows: it looks for the kernel's HTTP server at every
  // address of this machine. What either of them asks for in vain is none of the charts' business.
  const { page, check } = await open(browser, address, {
    viewport: { width: 1200, height: 1400 },
    allow: url => url.startsWith(server) || url.startsWith(server.replace('http', 'ws')) || url.endsWith('/discovery') || url === 'about:blank',
    ignore: text => /nbextensions\/widgets|about:blank|\/discovery|dotnet-interactive\.js|^console: Failed to load resource: (.* 404 |net::ERR_(FAILED|UNSAFE_PORT|CONNECTION_REFUSED))/.test(text),
  });
  const idle = () => until('the kernel is idle', () => page.locator('#kernel_indicator_icon.kernel_idle_icon').count());
  const drawn = () => page.evaluate(() => [...document.querySelectorAll('.ck-plotly')].filter(place => place.querySelector('.main-svg .trace')).length);
  const title = n => page.locator('.ck-plotly').nth(n).locator('.gtitle').textContent();
  const save = async () => {
    await page.keyboard.press('Escape');
    await page.evaluate(() => Jupyter.notebook.save_notebook());
    await until('the notebook is saved', () => page.evaluate(() => !Jupyter.notebook.dirty));
  };
  const reopen = async () => {
    await page.goto(address);
    await until('both charts are drawn from the file', async () => await drawn() === 2);
  };

  await idle();
  await page.evaluate(() => Jupyter.notebook.execute_all_cells());
  await until('both charts are drawn', async () => await drawn() === 2);
  await until('the help is there', () => page.locator('.ck-help').count());
  await idle();
  if (await page.locator('.output_error').count() || /data rate/.test(await page.locator('#notebook').textContent())) throw new Error('an output is an error, or was held back');
  await screenshot(page, 'plotly-jupyter', { fullPage: true });

  await save();
  await reopen();

  // The first chart's cell, changed and run again: the file still holds what draws it.
  await idle();
  await page.evaluate(() => {
    const cell = Jupyter.notebook.get_cell(2);
    cell.set_text(cell.get_text().replace('First', 'Changed'));
    Jupyter.notebook.execute_cells([0, 1, 2]);
  });
  await until('the changed chart is drawn', async () => await drawn() === 2 && await title(0) === 'Changed');
  await idle();
  await save();
  await reopen();
  if (await title(0) !== 'Changed') throw new Error('the file holds the chart of before');
  check();
});
