// Marks the section in view in the table of contents.
(() => {
  const contents = document.querySelector('.contents');
  if (!contents) return;
  const links = new Map([...contents.querySelectorAll('a')].map(link => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link]));
  const headings = [...links.keys()];
  let marked = null, asked = 0;
  const mark = () => {
    asked = 0;
    const atEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    const heading = atEnd ? headings.at(-1) : headings.findLast(heading => heading.getBoundingClientRect().top < innerHeight / 3);
    const link = links.get(heading) ?? null;
    if (link === marked) return;
    marked?.removeAttribute('aria-current');
    link?.setAttribute('aria-current', 'location');
    marked = link;
    // A list that is longer than the window follows; scrollIntoView would move the page too.
    if (link && (link.offsetTop < contents.scrollTop || link.offsetTop + link.offsetHeight > contents.scrollTop + contents.clientHeight))
      contents.scrollTop = link.offsetTop - contents.clientHeight / 2;
  };
  const ask = () => asked ||= requestAnimationFrame(mark);
  addEventListener('scroll', ask, { passive: true });
  addEventListener('resize', ask);
  mark();
})();
