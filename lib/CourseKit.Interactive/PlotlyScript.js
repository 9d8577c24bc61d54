(function () {
  'use strict';
  const kit = window.coursekitPlotly ??= {};
  if (kit.unpacking) return;
  const bytes = Uint8Array.from(atob('[PLOTLY]'), letter => letter.charCodeAt(0));
  const text = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  kit.unpacking = text.then(code => {
    // As a module of its own, so that neither a page's module loader nor another Plotly on it gets in the way.
    const script = document.createElement('script');
    script.textContent = `(function (module) { const exports = module.exports, define = undefined;\n${code}\nwindow.coursekitPlotly.plotly = module.exports; })({ exports: {} });`;
    document.head.append(script);
    script.remove();
    kit.draw?.();
  });
})();
