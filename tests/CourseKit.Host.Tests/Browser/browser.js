// A real browser for tests: Chromium, driven by playwright-core. As a module:
//
//   const { launch, open, screenshot, run } = require('./browser.js');
//   run(async () => {                                  // prints what goes wrong, ends with exit code 1, and closes every browser
//     const browser = await launch();                  // headless, with an empty profile, and no way out but to this machine
//     const tab = await open(browser, url, { allow }); // a window of its own, with its own storage, and a first page
//     await tab.page.click('button');                  // tab.page is Playwright's page, tab.context its context
//     await screenshot(tab.page, 'name');              // artifacts/screenshots/name.png
//     tab.check();                                     // throws when anything was wrong or asked for that is not allowed
//   });
//
// open() records on every page of its window: requests, an array of { url, type }, without data: addresses; and errors, an array of
// texts: console errors, exceptions that nobody caught, requests that failed and answers of 400 and above. Options of open(), beside
// those of Playwright's browser.newContext (viewport, colorScheme, permissions, ...), are:
//   allow(url, isPage)   which requests check() lets pass; by default pages in the folder of the first one, and nothing that they load
//   ignore(text)         which errors are no errors; by default none
//   before               a function that runs in every page before its own scripts do
// The packages are in COURSEKIT_NODE_MODULES or artifacts/node/node_modules, Chromium is COURSEKIT_CHROMIUM or on the PATH.
'use strict';
const fs = require('fs');
const path = require('path');

const root = path.resolve(__dirname, '..', '..', '..');
const modules = process.env.COURSEKIT_NODE_MODULES ?? path.join(root, 'artifacts', 'node', 'node_modules');
const browsers = [];

const executable = () => process.env.COURSEKIT_CHROMIUM ?? ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap(name => (process.env.PATH ?? '').split(path.delimiter).map(folder => path.join(folder, name))).find(file => fs.existsSync(file));

async function launch() {
  const { chromium } = require(path.join(modules, 'playwright-core'));
  const browser = await chromium.launch({
    executablePath: executable(),
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
  browsers.push(browser);
  return browser;
}

async function open(browser, url, { allow, ignore = () => false, before, ...options } = {}) {
  const folder = url.replace(/[^/]*$/, '');
  allow ??= (address, isPage) => isPage && address.startsWith(folder);
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  context.setDefaultTimeout(30000);
  if (before) await context.addInitScript(before);
  const requests = [], errors = [];
  const complain = text => { if (!ignore(text)) errors.push(text); };
  context.on('request', request => {
    const address = request.url();
    if (address.startsWith('data:')) return;
    requests.push({ url: address, type: request.resourceType() });
    if (!allow(address, request.isNavigationRequest())) complain(`not allowed: ${request.resourceType()} ${address}`);
  });
  context.on('requestfailed', request => complain(`failed: ${request.url()} ${request.failure()?.errorText}`));
  context.on('response', response => { if (response.status() >= 400) complain(`${response.status()}: ${response.url()}`); });
  context.on('console', message => { if (message.type() === 'error') complain(`console: ${message.text()}`); });
  context.on('weberror', error => complain(`exception: ${error.error().stack}`));
  const page = await context.newPage();
  await page.goto(url);
  const check = () => { if (errors.length > 0) throw new Error(`${page.url()}\n${errors.join('\n')}`); };
  return { context, page, requests, errors, check };
}

async function screenshot(page, name, options = {}) {
  const file = path.join(root, 'artifacts', 'screenshots', `${name}.png`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, animations: 'disabled', ...options });
  return file;
}

async function run(work) {
  const patience = setTimeout(() => {
    console.error('The browser did not come to an end within 5 minutes.');
    process.exit(1);
  }, 300000);
  try {
    await work();
  } catch (error) {
    console.error(error.stack ?? error);
    process.exitCode = 1;
  } finally {
    clearTimeout(patience);
    await Promise.all(browsers.map(browser => browser.close()));
  }
}

module.exports = { launch, open, screenshot, run };
