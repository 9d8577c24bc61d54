// The course's pages in a browser: CoursePagesTests. Arguments: the address of the site's folder, and the pages with blanks between.
'use strict';
const { launch, open, screenshot, run } = require('./browser.js');

const [, , site, pages] = process.argv;

// What a reader would stumble over, in words; empty when there is nothing.
const faults = page => page.evaluate(() => {
  const found = [], seen = e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  // Raw TeX: dollars or commands outside of code.
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest('pre, code, script, style, annotation, .ck-chart') && /\$\$|\\(frac|sum|tanh|sigma|partial|mathrm|text)\b/.test(node.data)) found.push(`raw TeX: ${node.data.trim().slice(0, 60)}`);
  }
  const where = svg => (svg.getAttribute('aria-label') ?? svg.closest('.ck-chart')?.textContent ?? '').trim().slice(0, 60);
  for (const svg of document.querySelectorAll('.output svg')) {
    if (!seen(svg)) continue;
    const box = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim() && seen(text)).map(text => ({ text: text.textContent.trim(), box: text.getBoundingClientRect(), slants: Math.abs(text.getCTM().b * text.getCTM().a) > 0.01 })).filter(text => text.box.width > 0);
    for (const { text, box: own } of texts) {
      if (own.left < -1 || own.right > innerWidth + 1) found.push(`"${text}" is cut off in ${where(svg)}`);
      // Turned texts are high where others are wide; a comma is neither, but never smaller than its line.
      if (Math.max(own.width, own.height) < 8) found.push(`"${text}" is ${own.height.toFixed(1)} high in ${where(svg)}`);
    }
    // Words on words: by more than a fifth of the smaller one. The box of a slanting text is mostly empty.
    for (let i = 0; i < texts.length; i++)
      for (let j = i + 1; j < texts.length; j++) {
        if (texts[i].slants || texts[j].slants) continue;
        const [a, b] = [texts[i].box, texts[j].box];
        const over = Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
        if (over > 0.2 * Math.min(a.width * a.height, b.width * b.height)) found.push(`"${texts[i].text}" lies on "${texts[j].text}" in ${where(svg)}`);
      }
    if (box.width < 100) found.push(`${box.width} wide: ${where(svg)}`);
    if (!svg.getAttribute('aria-label') && !svg.querySelector('title') && !svg.closest('[aria-label],[aria-hidden=true],[role=img]')) found.push(`without words: ${svg.outerHTML.slice(0, 100)}`);
  }
  return [...new Set(found)];
});

// The sliders that move nothing from their first to their last value.
const dead = page => page.evaluate(() => [...document.querySelectorAll('.ck-slider')].flatMap(slider => {
  const dial = slider.querySelector(':scope > .ck-dial input'), look = () => slider.innerText;
  if (!slider.checkVisibility({ visibilityProperty: true })) return [];
  const frames = () => [...slider.querySelectorAll(':scope > .ck-frames > .ck-frame')].map(frame => frame.checkVisibility({ visibilityProperty: true })).join();
  const move = to => {
    dial.value = to;
    dial.dispatchEvent(new Event('input', { bubbles: true }));
  };
  move(dial.min);
  const before = frames() + look();
  move(dial.max);
  return frames() + look() === before ? [`a slider moves nothing: ${dial.getAttribute('aria-label') ?? slider.innerText.slice(0, 60)}`] : [];
}));

run(async () => {
  const browser = await launch(), all = [];
  let pictures = 0, sliders = 0;
  for (const name of pages.split(' ')) {
    const looks = [['light', { colorScheme: 'light' }], ['dark', { colorScheme: 'dark' }], ['narrow', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }]];
    for (const [look, options] of looks) {
      const { page, context, check } = await open(browser, site + name, { reducedMotion: 'reduce', ...options });
      pictures += await page.locator('.output svg').count();
      sliders += await page.locator('.output .ck-slider').count();
      all.push(...(await faults(page)).map(fault => `${name}, ${look}: ${fault}`));
      await screenshot(page, `course-${name.replace('.html', '')}-${look}`, { fullPage: true });
      all.push(...(await dead(page)).map(fault => `${name}, ${look}: ${fault}`), ...(await faults(page)).map(fault => `${name}, ${look}, moved: ${fault}`));
      check();
      await context.close();
    }
  }
  if (pictures < 10 || sliders < 1) all.push(`only ${pictures} pictures and ${sliders} sliders were found`);
  if (all.length > 0) throw new Error([...new Set(all)].join('\n'));
});
