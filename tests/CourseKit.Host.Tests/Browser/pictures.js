// The kit's pictures in a browser: PictureBrowserTests' cases. Arguments: the name of a case, and the address of the page.
'use strict';
const assert = require('assert');
const { launch, open, screenshot, run } = require('./browser.js');

const [, , name, page_] = process.argv;
const calm = { reducedMotion: 'reduce' };

// By slider, outer ones first: the value beside it, and the frames that are seen.
const sliders = page => page.evaluate(() => [...document.querySelectorAll('.ck-slider')].map(slider => [
  slider.querySelector('output').textContent,
  [...slider.querySelectorAll(':scope > .ck-frames > .ck-frame')].map((frame, i) => frame.checkVisibility({ visibilityProperty: true }) ? i : '').join(''),
].join(':')));

// By box of dials: what stands beside them, and the titles that are seen.
const dials = page => page.evaluate(() => [...document.querySelectorAll('.ck-dials')].map(box => [
  [...box.querySelectorAll(':scope > .ck-dial output')].map(output => output.textContent).join(','),
  ...[...box.querySelectorAll(':scope > .ck-frames > .ck-frame .ck-title')].filter(title => title.checkVisibility({ visibilityProperty: true })).map(title => title.textContent),
].join(': ')));

const atStart = ['4,1,nothing: 7 numbers, size 4, stride 1: 3 examples', '1 give out: Time step 1 of 2: give out'];

const tip = page => page.evaluate(() => [...document.querySelectorAll('.ck-tip:not([hidden])')].map(tip => tip.textContent));

const cases = {
  // Every picture says something where the mouse is, and only one does at a time.
  async hover(browser) {
    const { page, check } = await open(browser, page_, calm);
    const at = [['rect.ck-fwd', /^lstm\.l0 at time step 1\n\[batch, time, 12\], [\d,]+ parameters, forward$/], ['.ck-next i', /^'.' [\d.]+ %(, came next)?$|^(space|newline) [\d.]+ %(, came next)?$/]];
    for (const [selector, words] of at) {
      await page.locator(selector).first().hover({ force: true });
      assert.match((await tip(page))[0], words);
    }
    const places = [['Gates over time', 0.5, 0.1, /^i  neuron \d\ntime \d+  .\n0\.\d+$/], ['Trajectory', null, null, /^0  'a'\n/], ['Histogram', 0.5, 0.4, / to .*\n\d+ numbers?$/], ['Confusion', 0.3, 0.3, /^true \S+\npredicted \S+\n\d$/]];
    for (const [kind, x, y, words] of places) {
      const picture = page.locator(`svg[aria-label^="${kind}"]`).nth(kind === 'Histogram' ? 3 : 0);
      await picture.scrollIntoViewIfNeeded();
      const box = await (x === null ? picture.locator('circle').first() : picture).boundingBox();
      await page.mouse.move(box.x + box.width * (x ?? 0.5), box.y + box.height * (y ?? 0.5));
      const said = await tip(page);
      assert.equal(said.length, 1, kind);
      assert.match(said[0], words);
    }
    check();
  },

  async keys(browser) {
    const { page, check } = await open(browser, page_, calm);
    assert.deepEqual(await sliders(page), ['0.5:0', 'a:0', '1:0', '1:']);
    const dials = page.locator('.ck-dial input');
    await dials.nth(0).focus();
    for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    assert.equal(await dials.nth(0).getAttribute('aria-valuetext'), '2');
    assert.equal(await page.getByRole('slider', { name: 'temperature' }).count(), 1);
    await page.keyboard.press('End');
    assert.deepEqual(await sliders(page), ['4:3', 'a:0', '1:0', '1:']);
    // A slider in a slider moves with those of the same values in its other frames, so that only one thing changes at a time.
    await dials.nth(2).focus();
    await page.keyboard.press('ArrowRight');
    assert.deepEqual(await sliders(page), ['4:3', 'a:0', '2:1', '2:']);
    await dials.nth(1).focus();
    await page.keyboard.press('ArrowRight');
    assert.deepEqual((await sliders(page)).slice(1), ['b:1', '2:', '2:1']);
    await screenshot(page, 'pictures-keys', { fullPage: true });
    check();
  },

  async mouse(browser) {
    const { page, check } = await open(browser, page_, { ...calm, colorScheme: 'dark' });
    const dial = page.locator('.ck-dial input').first();
    await dial.scrollIntoViewIfNeeded();
    const box = await dial.boundingBox();
    await page.mouse.click(box.x + box.width * 0.66, box.y + box.height / 2);
    assert.equal((await sliders(page))[0], '2:2');
    // What is seen answers the mouse; what is hidden does not.
    await page.locator('.ck-slider .ck-frame:not([hidden]) .ck-next i').nth(1).hover();
    assert.equal((await tip(page)).length, 1);
    await screenshot(page, 'pictures-mouse');
    check();
  },

  async finger(browser) {
    const { page, check } = await open(browser, page_, { ...calm, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    const dial = page.locator('.ck-dial input').first();
    await dial.scrollIntoViewIfNeeded();
    const box = await dial.boundingBox();
    assert.ok(box.height >= 32, `too low for a finger: ${box.height}`);
    await page.touchscreen.tap(box.x + box.width * 0.97, box.y + box.height / 2);
    assert.equal((await sliders(page))[0], '4:3');
    check();
  },

  // Without scripts the first frame is seen, and nothing that could not work.
  async plain(browser) {
    const { page, check } = await open(browser, page_, { javaScriptEnabled: false, colorScheme: 'dark' });
    assert.deepEqual(await sliders(page), ['0.5:0', 'a:0', '1:0', '1:']);
    assert.equal(await page.locator('.ck-dial input:visible').count(), 0);
    await screenshot(page, 'pictures-plain', { fullPage: true });
    check();
  },

  // A front end that strips scripts and attributes but keeps style.
  async stripped(browser) {
    const { page, check } = await open(browser, page_, {
      ...calm,
      before: () => addEventListener('DOMContentLoaded', () => document.querySelectorAll('.ck-slider').forEach(slider => {
        delete slider.dataset.ready;
        slider.querySelectorAll('[hidden]').forEach(e => e.removeAttribute('hidden'));
      })),
    });
    assert.deepEqual((await sliders(page)).slice(0, 3), ['0.5:0', 'a:0', '1:0']);
    check();
  },

  // Several outputs carry the script: that it runs again changes nothing.
  async again(browser) {
    const { page, check } = await open(browser, page_, calm);
    await page.evaluate(() => {
      for (const old of [...document.scripts]) document.body.append(Object.assign(document.createElement('script'), { textContent: old.textContent.includes('ck-slider') ? old.textContent : '' }));
    });
    await page.locator('.ck-dial input').first().focus();
    await page.keyboard.press('ArrowRight');
    assert.equal((await sliders(page))[0], '1:1');
    check();
  },

  async narrow(browser) {
    const { page, check } = await open(browser, page_, { ...calm, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    assert.deepEqual(await page.evaluate(() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll('.output')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 60))]), [390]);
    await screenshot(page, 'pictures-narrow', { fullPage: true });
    check();
  },

  async print(browser) {
    const { page, check } = await open(browser, page_, calm);
    await page.locator('.ck-dial input').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.emulateMedia({ media: 'print' });
    assert.equal((await sliders(page))[0], '1:1');
    assert.equal(await page.locator('.ck-dial input:visible').count(), 0);
    assert.equal((await page.pdf({ format: 'A4' })).subarray(0, 5).toString(), '%PDF-');
    check();
  },

  // Several dials choose one drawing together; buttons step through the last one and play it.
  async dials(browser) {
    const { page, check } = await open(browser, page_, calm);
    assert.deepEqual(await dials(page), atStart);
    await page.getByRole('slider', { name: 'size' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('slider', { name: 'stride' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('slider', { name: 'shuffle' }).focus();
    await page.keyboard.press('End');
    assert.equal((await dials(page))[0], '3,2,inside, each: 7 numbers, size 3, stride 2: 2 examples');
    const [back, play, next] = await page.locator('.ck-play button').all();
    await next.click();
    assert.equal((await dials(page))[1], '2 read: Time step 2 of 2: read');
    for (let k = 0; 9 > k; k++) await back.click();
    assert.equal((await dials(page))[1], '1 read: Time step 1 of 2: read');
    await play.click();
    assert.equal(await play.textContent(), 'pause');
    await page.waitForFunction(() => document.querySelectorAll('.ck-dials')[1].querySelector('output').textContent === '1 multiply');
    await play.click();
    assert.equal(await play.textContent(), 'play');
    await screenshot(page, 'pictures-dials', { fullPage: true });
    check();
  },

  async dialsPlain(browser) {
    const { page, check } = await open(browser, page_, { javaScriptEnabled: false });
    assert.deepEqual(await dials(page), atStart);
    assert.equal(await page.locator('.ck-dials input:visible, .ck-play:visible').count(), 0);
    check();
  },

  async dialsStripped(browser) {
    const { page, check } = await open(browser, page_, {
      ...calm,
      before: () => addEventListener('DOMContentLoaded', () => document.querySelectorAll('.ck-dials').forEach(box => {
        delete box.dataset.ready;
        box.querySelectorAll('[hidden]').forEach(e => e.removeAttribute('hidden'));
      })),
    });
    assert.deepEqual(await dials(page), atStart);
    assert.equal(await page.locator('.ck-play:visible').count(), 0);
    check();
  },
};

run(async () => cases[name](await launch()));
