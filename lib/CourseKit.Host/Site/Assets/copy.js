// A button at every piece of code that copies it.
(() => {
  const status = document.querySelector('.status');
  // The clipboard is missing or closed to some pages, such as files; the older way works there.
  const write = async text => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { }
    const area = document.createElement('textarea'), focused = document.activeElement;
    area.value = text;
    area.className = 'copied-text';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    focused?.focus();
    return done;
  };
  for (const box of document.querySelectorAll('.source')) {
    const button = document.createElement('button'), code = box.querySelector('pre'), name = box.dataset.name;
    let timer = 0;
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy ${name}`);
    button.addEventListener('click', async () => {
      const done = await write(code.textContent);
      if (!done) getSelection().selectAllChildren(code);
      button.textContent = done ? 'Copied' : 'Selected';
      status.textContent = done ? `Copied ${name}` : `Not copied: ${name} is selected, for you to copy`;
      clearTimeout(timer);
      timer = setTimeout(() => { button.textContent = 'Copy'; status.textContent = ''; }, 2000);
    });
    box.append(button);
  }
})();
