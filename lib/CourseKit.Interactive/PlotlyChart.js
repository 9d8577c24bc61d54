(function () {
  'use strict';
  // One object a page: Plotly once it is unpacked, and what draws every chart that has not been drawn yet.
  const kit = window.coursekitPlotly ??= {};
  kit.draw ??= function () {
    if (!kit.plotly) return;
    for (const place of document.querySelectorAll('.ck-plotly:not([data-drawn])')) {
      place.dataset.drawn = '';
      const chart = JSON.parse(place.dataset.chart);
      place.textContent = '';
      kit.plotly.newPlot(place, chart.data, chart.layout, chart.config);
    }
  };
  kit.draw();
})();
