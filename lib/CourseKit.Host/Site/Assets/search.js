// Search over all pages, in an index that stands in this one.
(() => {
  const dialog = document.getElementById('search');
  if (!dialog) return;
  const most = 30, around = 150;
  const [input, results, count] = ['input', '.results', '.count'].map(selector => dialog.querySelector(selector));
  let sections = null, options = [], chosen = -1;

  // Small letters without accents; of the same length, so that a place in one is a place in the other.
  const fold = text => {
    const folded = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    return folded.length === text.length ? folded : text.replace(/[A-Z]/g, letter => letter.toLowerCase());
  };

  const read = async () => {
    const bytes = Uint8Array.from(atob(document.getElementById('search-index').textContent), c => c.charCodeAt(0));
    const json = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
    return JSON.parse(json).flatMap(([page, number, title, parts]) => parts.map(([id, heading, prose, code]) => ({
      page, number, title, id, heading, prose, code,
      folded: { title: fold(title), heading: fold(heading), prose: fold(prose), code: fold(code) },
    })));
  };

  // A word's beginning counts more than its middle, a heading more than prose, prose more than code.
  const weigh = (text, term, weight) => {
    let best = 0;
    for (let at = text.indexOf(term); at >= 0 && best < 2; at = text.indexOf(term, at + 1))
      best = Math.max(best, at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1]) ? 2 : 1);
    return best * weight;
  };

  // How much every section has to do with the words, of which a rare one says more, and how many of them it holds. A title alone is its
  // page's, not its sections'.
  const rate = terms => {
    const hits = sections.map(section => ({ section, score: 0, held: 0, own: !section.id }));
    for (const term of terms) {
      const weights = hits.map(({ section: { id, folded: { title, heading, prose, code } } }) =>
        ({ here: weigh(heading, term, 8) + weigh(prose, term, 3) + weigh(code, term, 2), above: weigh(title, term, id ? 1 : 12) }));
      const rarity = Math.log(1 + hits.length / weights.filter(weight => weight.here > 0).length);
      weights.forEach(({ here, above }, index) => {
        const hit = hits[index];
        hit.own ||= here > 0;
        if (here + above === 0) return;
        hit.held++;
        hit.score += (here + above) * Math.min(rarity, 9);
      });
    }
    const phrase = terms.join(' ');
    if (terms.length > 1)
      for (const hit of hits) hit.score += 4 * (weigh(hit.section.folded.heading, phrase, 8) + weigh(hit.section.folded.prose, phrase, 6));
    return hits.filter(hit => hit.own && hit.held > 0).sort((a, b) => b.score - a.score);
  };

  // The stretch of text with the most of the words, its matches marked.
  const snippet = (section, terms) => {
    let best = { hits: 0 };
    for (const kind of ['prose', 'code']) {
      const folded = section.folded[kind];
      for (const term of terms)
        for (let at = folded.indexOf(term), tries = 0; at >= 0 && tries < 40; at = folded.indexOf(term, at + term.length), tries++) {
          const stretch = folded.slice(Math.max(0, at - 40), at + around);
          const hits = terms.filter(other => stretch.includes(other)).length + (folded.startsWith(terms.join(' '), at) ? 1 : 0);
          if (hits > best.hits) best = { hits, kind, at };
        }
    }
    const kind = best.kind ?? (section.prose ? 'prose' : 'code'), text = section[kind], found = best.at ?? 0;
    let from = Math.max(0, found - 40), to = Math.min(text.length, from + around);
    if (from > 0) from = Math.min(found, text.slice(from).search(/\s/) + from + 1);
    if (to < text.length) to = Math.max(from + 1, text.slice(0, to).search(/\s\S*$/));
    const piece = document.createElement(kind === 'code' ? 'code' : 'span');
    piece.className = 'snippet';
    piece.append(from > 0 ? '… ' : '', ...mark(text.slice(from, to), terms), to < text.length ? ' …' : '');
    return piece;
  };

  const mark = (text, terms) => {
    const folded = fold(text), nodes = [];
    let at = 0;
    while (at < text.length) {
      let next = text.length, length = 0;
      for (const term of terms) {
        const place = folded.indexOf(term, at);
        if (place >= 0 && (place < next || (place === next && term.length > length))) [next, length] = [place, term.length];
      }
      nodes.push(text.slice(at, next));
      if (length > 0) nodes.push(Object.assign(document.createElement('mark'), { textContent: text.slice(next, next + length) }));
      at = next + length;
    }
    return nodes;
  };

  const option = (section, terms, index) => {
    const link = document.createElement('a'), head = document.createElement('span'), where = document.createElement('span');
    link.href = encodeURIComponent(section.page) + (section.id ? '#' + encodeURIComponent(section.id) : '');
    link.id = `search-option-${index}`;
    link.tabIndex = -1;
    link.setAttribute('role', 'option');
    link.setAttribute('aria-selected', 'false');
    head.className = 'heading';
    head.append(...mark(section.heading || section.title, terms));
    where.className = 'where';
    where.append(`${section.number} ${section.heading ? section.title : ''}`.trim());
    link.append(head, ' ', where, ' ', snippet(section, terms));
    link.addEventListener('click', e => { if (!e.ctrlKey && !e.metaKey && !e.shiftKey) dialog.close(); });
    link.addEventListener('pointermove', () => { if (chosen !== index) choose(index, false); });
    return link;
  };

  const choose = (index, scroll = true) => {
    options[chosen]?.setAttribute('aria-selected', 'false');
    chosen = options.length === 0 ? -1 : (index + options.length) % options.length;
    options[chosen]?.setAttribute('aria-selected', 'true');
    if (chosen < 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', options[chosen].id);
    if (scroll) options[chosen]?.scrollIntoView({ block: 'nearest' });
  };

  const find = () => {
    if (!sections) return;
    const terms = [...new Set(fold(input.value).split(/\s+/).filter(Boolean))];
    const some = rate(terms), whole = some.filter(hit => hit.held === terms.length);
    const found = whole.length > 0 ? whole : some;
    options = found.slice(0, most).map((hit, index) => option(hit.section, terms, index));
    results.replaceChildren(...options);
    results.scrollTop = 0;
    input.setAttribute('aria-expanded', String(options.length > 0));
    chosen = -1;
    choose(0);
    count.textContent = terms.length === 0 ? ''
      : found.length === 0 ? 'Nothing found. Try fewer or shorter words.'
      : `${found.length} ${found.length === 1 ? 'section' : 'sections'}${whole.length > 0 ? '' : ' with some of the words'}${found.length > most ? `, the best ${most} shown` : ''}`;
  };

  const open = async () => {
    if (dialog.open) return input.select();
    dialog.showModal();
    input.select();
    try {
      sections ??= await read();
      find();
    } catch {
      count.textContent = 'This browser cannot read the index. One from 2023 or later can.';
    }
  };

  document.querySelector('.find').addEventListener('click', open);
  dialog.querySelector('.close').addEventListener('click', () => dialog.close());
  // A press on the backdrop is one on the dialog itself, outside of its box.
  dialog.addEventListener('pointerdown', e => {
    const box = dialog.getBoundingClientRect();
    if (e.target === dialog && (e.clientX < box.left || e.clientX > box.right || e.clientY < box.top || e.clientY > box.bottom)) dialog.close();
  });
  input.addEventListener('input', find);
  dialog.addEventListener('keydown', e => {
    if (e.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step && options.length > 0) {
      e.preventDefault();
      choose(chosen + step);
    } else if (e.key === 'Enter' && e.target === input) {
      e.preventDefault();
      options[chosen]?.click();
    } else if (e.key === 'Tab') {
      // The two that take the focus, one after the other.
      e.preventDefault();
      (document.activeElement === input ? dialog.querySelector('.close') : input).focus();
    }
  });
  addEventListener('keydown', e => {
    const control = (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 'k';
    const slash = e.key === '/' && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.closest?.('input, textarea, select, [contenteditable]');
    if (e.defaultPrevented || (!control && !slash)) return;
    e.preventDefault();
    open();
  });
})();
