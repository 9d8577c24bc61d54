// The site in a browser: BrowserTests' cases. Arguments: the name of a case, and the address of the site's folder.
'use strict';
const assert = require('assert');
const { launch, open, screenshot, run } = require('./browser.js');

const [, , name, site] = process.argv;
const kind = site.startsWith('file:') ? 'file' : 'served';
const calm = { reducedMotion: 'reduce' };
const charts = `${site}10-charts.html`;

const focused = page => page.evaluate(() => document.activeElement.className || document.activeElement.tagName);
const inDialog = page => page.evaluate(() => document.activeElement.closest('dialog') !== null);
const texts = (page, selector) => page.locator(selector).allTextContents();
const background = page => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const light = 'rgb(253, 253, 251)', dark = 'rgb(22, 25, 29)', white = 'rgb(255, 255, 255)';

const cases = {
  async searchKeys(browser) {
    const { page, check } = await open(browser, charts, calm);
    await page.keyboard.press('/');
    assert.equal(await focused(page), 'INPUT');
    await page.keyboard.type('vanish');
    const option = page.locator('[role=option]');
    await option.first().waitFor();
    assert.equal(await option.count(), 1);
    assert.deepEqual(await texts(page, '#search mark'), ['vanish']);
    assert.match(await option.first().textContent(), /^Lines\s+10 Charts of a trained network/);
    assert.equal(await page.locator('#search .count').textContent(), '1 section');
    await screenshot(page, `search-light-${kind}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${charts}#lines`);
    assert.equal(await page.locator('dialog[open]').count(), 0);
    assert.ok(await page.evaluate(() => document.getElementById('lines').getBoundingClientRect().top >= 50), 'the bar hides the heading');

    // Several results: the arrows choose and wrap, and Enter leads to another page.
    await page.keyboard.press('Control+k');
    await page.keyboard.type('e');
    const selected = () => page.evaluate(() => [...document.querySelectorAll('[role=option]')].findIndex(e => e.getAttribute('aria-selected') === 'true'));
    const active = () => page.evaluate(() => document.getElementById(document.querySelector('#search input').getAttribute('aria-activedescendant')).getAttribute('aria-selected'));
    assert.equal(await selected(), 0);
    await page.keyboard.press('ArrowDown');
    assert.equal(await selected(), 1);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    assert.equal(await selected(), await option.count() - 1);
    assert.equal(await active(), 'true');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('middle');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site}second.html#goal`);

    // Escape closes; a slash that is typed is a letter.
    await page.keyboard.press('/');
    await page.keyboard.type('a/b');
    assert.equal(await page.inputValue('#search input'), 'a/b');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('dialog[open]').count(), 0);
    check();
  },

  async searchMouse(browser) {
    const { page, requests, check } = await open(browser, `${site}index.html`, { ...calm, colorScheme: 'dark' });
    await page.click('.find');
    await page.fill('#search input', 'chart');
    await page.locator('[role=option]').nth(1).hover();
    assert.equal(await page.locator('[role=option]').nth(1).getAttribute('aria-selected'), 'true');
    await screenshot(page, 'search-dark');

    // The focus stays inside, and goes back where it came from.
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press(i === 2 ? 'Shift+Tab' : 'Tab');
      assert.ok(await inDialog(page), 'the focus left the dialog');
    }
    await page.click('#search .close');
    assert.equal(await focused(page), 'find');
    await page.click('.find');
    await page.mouse.click(5, 400);
    assert.equal(await page.locator('dialog[open]').count(), 0);

    await page.click('.find');
    await page.fill('#search input', 'two bars');
    await page.locator('[role=option]').first().click();
    await page.waitForURL(/10-charts\.html#/);
    assert.equal(requests.length, 2);
    check();
  },

  async searchWords(browser) {
    const { page, check } = await open(browser, charts, calm);
    await page.click('.find');
    const find = async words => {
      await page.fill('#search input', words);
      return { headings: await texts(page, '#search .heading'), marks: await texts(page, '#search mark'), count: await page.locator('#search .count').textContent() };
    };
    // Code, its place in the section, and marks in it.
    let found = await find('Chart.Bar');
    assert.deepEqual(found.headings, ['Detail']);
    assert.deepEqual(found.marks, ['Chart.Bar']);
    assert.equal(await page.locator('#search code.snippet').count(), 1);
    // Accents and capitals do not count, neither do other words between; equations are read as they are shown.
    assert.deepEqual((await find('NAIVE')).marks, ['Naïve']);
    assert.deepEqual((await find('beside naïve')).headings, ['Detail']);
    assert.deepEqual((await find('σ(x)')).headings, ['Detail']);
    // A page is found by its title, and by what stands before its first heading; a heading is text, not HTML.
    assert.equal((await find('trained network')).headings[0], 'Charts of a trained network');
    assert.deepEqual((await find('before first heading')).headings, ['Charts of a trained network']);
    assert.deepEqual((await find('<but one>')).headings, ['Second & last <but one>']);
    // Words that stand in no section together, and words that stand nowhere.
    found = await find('vanish naïve');
    assert.deepEqual(found.headings.sort(), ['Detail', 'Lines']);
    assert.equal(found.count, '2 sections with some of the words');
    found = await find('xyzzy');
    assert.deepEqual(found, { headings: [], marks: [], count: 'Nothing found. Try fewer or shorter words.' });
    assert.equal(await page.getAttribute('#search input', 'aria-expanded'), 'false');
    await page.keyboard.press('Enter');
    assert.deepEqual(await find(''), { headings: [], marks: [], count: '' });
    check();
  },

  async copy(browser) {
    const source = 'var loss = history.Loss;\nChart.Line(loss)';
    let tab = await open(browser, charts, { ...calm, permissions: ['clipboard-read', 'clipboard-write'] });
    const button = page => page.getByRole('button', { name: 'Copy code of cell 1' });
    await tab.page.clock.install();
    await button(tab.page).click();
    await tab.page.getByText('Copied', { exact: true }).waitFor();
    assert.equal(await tab.page.locator('.status').textContent(), 'Copied code of cell 1');
    assert.equal(await tab.page.evaluate(() => navigator.clipboard.readText()), source);
    await tab.page.clock.fastForward(3000);
    assert.equal(await button(tab.page).textContent(), 'Copy');
    assert.equal(await tab.page.locator('.status').textContent(), '');
    await tab.page.click('.run > summary');
    await tab.page.hover('.run .source >> nth=1');
    await screenshot(tab.page, `run-${kind}`);
    assert.deepEqual(await texts(tab.page, '.run pre'), ['dotnet run coursekit.cs lab 10-charts.ipynb', 'dotnet run coursekit.cs run notebooks/10-charts.ipynb']);
    tab.check();

    // Without the clipboard of today, as in files of some browsers.
    tab = await open(browser, charts, { ...calm, before: () => Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined }) });
    await tab.page.clock.install();
    await button(tab.page).focus();
    await tab.page.keyboard.press('Enter');
    await tab.page.getByText('Copied', { exact: true }).waitFor();
    assert.equal(await focused(tab.page), 'copy');
    await tab.page.keyboard.press('/');
    await tab.page.keyboard.press('Control+v');
    assert.equal(await tab.page.inputValue('#search input'), source.replace('\n', ' '));
    tab.check();

    // Where nothing may copy, the code is selected for the reader to do it.
    tab = await open(browser, charts, { ...calm, before: () => {
      Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });
      Document.prototype.execCommand = () => false;
    } });
    await tab.page.clock.install();
    await button(tab.page).click();
    await tab.page.getByText('Selected', { exact: true }).waitFor();
    assert.equal(await tab.page.evaluate(() => getSelection().toString()), source);
    assert.equal(await tab.page.locator('.status').textContent(), 'Not copied: code of cell 1 is selected, for you to copy');
    tab.check();
  },

  async theme(browser) {
    for (const [scheme, system, other] of [['light', light, dark], ['dark', dark, light]]) {
      const { page, context, check } = await open(browser, charts, {
        ...calm, colorScheme: scheme,
        before: () => new MutationObserver((_, observer) => {
          if (!document.body) return;
          globalThis.early = document.documentElement.dataset.theme ?? 'system';
          observer.disconnect();
        }).observe(document, { childList: true, subtree: true }),
      });
      const line = () => page.evaluate(() => getComputedStyle(document.querySelector('.ck-chart')).getPropertyValue('--ck-s0'));
      const button = page.getByRole('button', { name: 'Colours: ' });
      assert.equal(await background(page), system);
      const systemLine = await line();
      await screenshot(page, `page-${scheme}-${kind}`);
      // From system over light to dark; the one that is not the system's shows.
      await button.click();
      if (other === dark) await button.click();
      assert.equal(await button.getAttribute('aria-label'), `Colours: ${other === dark ? 'dark' : 'light'}`);
      assert.equal(await page.locator('.status').textContent(), `Colours: ${other === dark ? 'dark' : 'light'}`);
      assert.equal(await background(page), other);
      assert.notEqual(await line(), systemLine);
      // The browser remembers in a process of its own, a moment later.
      await page.waitForTimeout(300);
      await page.goto(`${site}index.html`);
      assert.equal(await background(page), other);
      assert.equal(await page.evaluate(() => early), other === dark ? 'dark' : 'light');
      // A second window of the course follows, and back to the system's.
      const second = await context.newPage();
      await second.goto(charts);
      while (await button.getAttribute('aria-label') !== 'Colours: system') await button.click();
      await second.waitForFunction(() => document.documentElement.dataset.theme === undefined);
      assert.equal(await background(page), system);
      await page.reload();
      assert.equal(await background(page), system);
      check();
      await context.close();
    }
    // A browser that forbids files to remember: the button works on the page.
    const { page, check } = await open(browser, charts, { ...calm, before: () => Object.defineProperty(Window.prototype, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } }) });
    await page.click('.theme');
    await page.click('.theme');
    assert.equal(await background(page), dark);
    check();
  },

  async contents(browser) {
    const { page, check } = await open(browser, charts, calm);
    const current = () => texts(page, '.contents a[aria-current=location]');
    assert.deepEqual(await texts(page, '.contents a'), ['Lines', 'Bars', 'Detail', 'Heat', 'Exercises']);
    for (const heading of ['Detail', 'Heat', 'Lines']) {
      await page.click(`.contents a:text-is("${heading}")`);
      await page.waitForFunction(text => document.querySelector('.contents [aria-current]')?.textContent === text, heading);
      assert.deepEqual(await current(), [heading]);
    }
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForFunction(() => document.querySelector('.contents [aria-current]')?.textContent === 'Exercises');
    await screenshot(page, 'contents');
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForFunction(() => !document.querySelector('.contents [aria-current]'));
    check();
  },

  async steps(browser) {
    const { page, check } = await open(browser, `${site}second.html`, calm);
    const here = () => page.url().replace(site, '');
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(`${site}third.html`);
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(charts);
    // Where the keys belong to something else they do that.
    const stay = async key => {
      await page.keyboard.press(key);
      await page.waitForTimeout(100);
      assert.equal(here(), '10-charts.html');
    };
    for (const key of ['ArrowRight', 'Shift+ArrowLeft', 'Control+ArrowLeft', 'Alt+ArrowUp']) await stay(key);
    await page.keyboard.press('/');
    await page.keyboard.type('ab');
    await stay('ArrowLeft');
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.querySelector('.output').insertAdjacentHTML('beforeend', '<input type="range" id="slider"><div id="figure" tabindex="0">x</div>'));
    for (const id of ['slider', 'figure']) {
      await page.focus(`#${id}`);
      await stay('ArrowLeft');
    }
    await page.click('pre.code:has-text("xxxx")');
    await stay('ArrowLeft');
    await page.evaluate(() => getSelection().selectAllChildren(document.querySelector('h1')));
    await stay('ArrowLeft');
    await page.click('h1');
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(`${site}third.html`);

    await page.click('.steps a[rel=prev]');
    await page.waitForURL(`${site}second.html`);
    await page.click('.around a[rel=next]');
    await page.waitForURL(`${site}third.html`);
    await page.click('.home');
    await page.waitForURL(`${site}index.html`);
    check();
  },

  async charts(browser) {
    const { page, check } = await open(browser, charts, calm);
    assert.equal(await page.locator('.ck-chart[data-ready]').count(), 3);
    for (const chart of await page.locator('.ck-chart').all()) {
      await chart.scrollIntoViewIfNeeded();
      const box = await chart.locator('svg').boundingBox();
      await page.mouse.move(0, 0);
      await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.2);
      await chart.locator('.ck-tip:not([hidden])').waitFor();
    }
    await screenshot(page, 'charts');
    assert.equal(await page.locator('main style, main script').count(), 0);
    assert.deepEqual(await texts(page, '.took'), ['took 8.4 s', 'took 2.0 s']);
    check();
  },

  async narrow(browser) {
    const { page, check } = await open(browser, charts, { ...calm, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    for (const name of ['index', '00-everything', 'second', 'third', '10-charts']) {
      await page.goto(`${site}${name}.html`);
      await page.evaluate(() => document.querySelectorAll('details').forEach(details => details.open = true));
      assert.deepEqual(await page.evaluate(() => {
        const beyond = [...document.querySelectorAll('.bar *, .copy, .title *')].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5 && !e.closest('pre'));
        return [document.documentElement.scrollWidth, ...beyond.map(e => e.outerHTML)];
      }), [390], name);
      await page.evaluate(() => scrollTo(0, 0));
      await screenshot(page, `narrow-${name}`);
    }
    await page.tap('.find');
    await page.keyboard.type('state');
    await page.locator('[role=option]').first().waitFor();
    const box = await page.locator('dialog').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844, JSON.stringify(box));
    await screenshot(page, 'narrow-search');
    check();
  },

  async print(browser) {
    const { page, check } = await open(browser, charts, { ...calm, colorScheme: 'dark', viewport: { width: 690, height: 1000 } });
    await page.click('.theme');
    await page.click('.theme');
    const line = () => page.evaluate(() => getComputedStyle(document.querySelector('.ck-chart')).getPropertyValue('--ck-s0'));
    const darkLine = await line();
    await page.evaluate(() => addEventListener('beforeprint', () => globalThis.printed = getComputedStyle(document.querySelector('.ck-chart')).getPropertyValue('--ck-s0')));
    const pdf = await page.pdf({ format: 'A4' });
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    assert.notEqual(await page.evaluate(() => printed), darkLine);
    assert.equal(await line(), darkLine, 'the colours do not come back after printing');
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    assert.equal(await background(page), white);
    assert.deepEqual(await page.evaluate(() => ['.bar', '.contents', '.around', '.run', '.copy'].filter(selector => getComputedStyle(document.querySelector(selector)).display !== 'none')), []);
    for (const name of ['00-everything', '10-charts']) {
      await page.goto(`${site}${name}.html`);
      assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('pre, .output')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)), [], 'cut on paper');
      await screenshot(page, `print-${name}`, { fullPage: true });
    }
    check();
  },

  // Without scripts the pages are read as they are, and offer no button that does nothing.
  async plain(browser) {
    const { page, check } = await open(browser, charts, { javaScriptEnabled: false, colorScheme: 'dark' });
    assert.equal(await page.locator('button:visible').count(), 0);
    assert.ok(await page.locator('.ck-chart svg').first().isVisible());
    await page.click('.around a[rel=prev]');
    await page.waitForURL(`${site}third.html`);
    await screenshot(page, 'plain');
    check();
  },

  // What every other case relies on: nothing that goes wrong goes by unseen.
  async recorder(browser) {
    const { page, requests, errors, check } = await open(browser, charts);
    assert.deepEqual(requests, [{ url: charts, type: 'document' }]);
    check();
    await page.evaluate(async () => {
      console.error('said');
      setTimeout(() => { throw new Error('thrown'); });
      await new Promise(resolve => document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/picture.png', onerror: resolve })));
    });
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 50)));
    for (const text of ['console: said', 'exception: Error: thrown', 'picture.png'])
      assert.ok(errors.some(error => error.includes(text)), `${text} is not in ${errors}`);
    assert.throws(check);
  },

  async missing(browser) {
    const { page, check } = await open(browser, `${site}nothing/here.html?a#b`, { allow: address => address.startsWith(site), ignore: text => text.includes('404') });
    assert.equal(await page.locator('h1').textContent(), 'There is no such page');
    await screenshot(page, 'missing');
    await page.click('main a');
    await page.waitForURL(site);
    assert.equal(await page.locator('.card').count(), 4);
    check();
  },
};

run(async () => cases[name](await launch()));
