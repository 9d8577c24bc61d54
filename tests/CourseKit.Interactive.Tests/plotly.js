// Charts of Plotly.NET as the extension shows them, in a real Chromium that reaches nothing.
//
//   node plotly.js PAGE COUNT NAME    opens a page that holds COUNT charts, waits until they are drawn, and leaves a screenshot
'use strict';
const path = require('path');
const { launch, open, screenshot, run } = require(path.join(__dirname, '..', 'CourseKit.Host.Tests', 'Browser', 'browser.js'));

const [, , page, count, name] = process.argv;

run(async () => {
  const browser = await launch();
  const tab = await open(browser, page);
  await tab.page.waitForFunction(wanted => document.querySelectorAll('.ck-plotly > .plot-container').length === wanted, Number(count));
  const drawn = await tab.page.$$eval('.ck-plotly', places => places.map(place => ({
    marks: place.querySelectorAll('.main-svg .trace, .main-svg .hm image').length,
    wide: place.getBoundingClientRect().width,
  })));
  for (const chart of drawn) if (chart.marks < 1 || chart.wide < 300) throw new Error(`drawn badly: ${JSON.stringify(drawn)}`);
  if (await tab.page.evaluate(() => window.Plotly?.version !== undefined)) throw new Error('another Plotly of the page was replaced');
  // Bigger first chart: a hover shows its value.
  const box = await tab.page.locator('.ck-plotly .nsewdrag').first().boundingBox();
  await tab.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await tab.page.waitForSelector('.hoverlayer .hovertext, .hoverlayer .axistext');
  await screenshot(tab.page, name, { fullPage: true });
  tab.check();
  if (tab.requests.length !== 1) throw new Error(`asked for ${tab.requests.map(request => request.url).join(' ')}`);
});
