// Runs before the first paint so that a dark theme never flashes light.
(() => {
  const chosen = localStorage.getItem('signalbox.theme');
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
