// Before the first paint: says that scripts run, and takes the colours that the reader chose. A browser may forbid files to remember.
document.documentElement.dataset.js = '';
try {
  const theme = localStorage.getItem('coursekit-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch { }
