// Colours: as the system says, light, or dark.
(() => {
  const root = document.documentElement, button = document.querySelector('.theme'), themes = ['system', 'light', 'dark'];
  const now = () => root.dataset.theme ?? 'system';
  const next = () => themes[(themes.indexOf(now()) + 1) % themes.length];
  const set = theme => {
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    else delete root.dataset.theme;
    button.setAttribute('aria-label', `Colours: ${now()}`);
    button.title = `Colours: ${now()}. Press for ${next()}.`;
  };
  set(now());
  button.addEventListener('click', () => {
    set(next());
    document.querySelector('.status').textContent = `Colours: ${now()}`;
    try {
      if (now() === 'system') localStorage.removeItem('coursekit-theme');
      else localStorage.setItem('coursekit-theme', now());
    } catch { }
  });
  addEventListener('storage', e => { if (e.key === 'coursekit-theme') set(e.newValue); });
  // Paper is light, also for the charts' colours.
  let screen = null;
  addEventListener('beforeprint', () => { screen ??= now(); set('light'); });
  addEventListener('afterprint', () => { if (screen) set(screen); screen = null; });
})();
