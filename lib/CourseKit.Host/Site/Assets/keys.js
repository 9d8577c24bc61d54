// Left and right lead to the previous and the next page, where nothing else wants these keys.
(() => {
  const scrolls = element => {
    for (; element && element !== document.body; element = element.parentElement)
      if (element.scrollWidth > element.clientWidth && /auto|scroll/.test(getComputedStyle(element).overflowX)) return true;
    return document.documentElement.scrollWidth > innerWidth;
  };
  // What was pressed last is what the browser scrolls with the keys.
  let pressed = null;
  addEventListener('pointerdown', e => pressed = e.target);
  addEventListener('keydown', e => {
    const relation = { ArrowLeft: 'prev', ArrowRight: 'next' }[e.key], focused = document.activeElement;
    if (!relation || e.defaultPrevented || e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
    if (focused !== document.body && !focused.matches('.bar *, .contents *, .around *')) return;
    if (!getSelection().isCollapsed || scrolls(pressed) || document.querySelector('dialog[open]')) return;
    document.querySelector(`.steps a[rel=${relation}]`)?.click();
  });
})();
