(() => {
const svgNs = 'http://www.w3.org/2000/svg';
const num = v => v === null ? 'not a number' : String(Number(Number(v).toPrecision(5)));
const scale = a => a.log ? v => Math.log10(v) : v => v / 2;
const place = (v, a) => { const f = scale(a); return a.from + (f(v) - f(a.min)) / (f(a.max) - f(a.min)) * (a.to - a.from); };
const hits = {
xy(d) {
for (const s of d.series) { s.px = s.x.map(v => place(v, d.x)); s.py = s.y.map(v => place(v, d.y)); }
return (mx, my) => {
const far = (s, i) => d.byX ? Math.abs(s.px[i] - mx) + Math.abs(s.py[i] - my) / 1e4 : Math.hypot(s.px[i] - mx, s.py[i] - my);
const near = [];
for (const s of d.series) {
let best = -1;
for (let i = 0; i !== s.px.length; i++) if (best === -1 || far(s, best) > far(s, i)) best = i;
if (best !== -1) near.push({ s, i: best, d: far(s, best) });
}
near.sort((a, b) => a.d - b.d);
if (near.length === 0) return null;
if (!d.byX) if (near[0].d > 40) return null;
const at = near[0].s.px[near[0].i];
const show = d.byX ? near.filter(n => 12 >= Math.abs(n.s.px[n.i] - at)) : [near[0]];
if (d.byX) show.sort((a, b) => d.series.indexOf(a.s) - d.series.indexOf(b.s));
const x0 = near[0].s.x[near[0].i];
return {
guide: d.byX ? at : null,
marks: show.map(n => [n.s.px[n.i], n.s.py[n.i]]),
text: [d.x.label + ' ' + num(x0), ...show.map(n => (n.s.name || d.y.label) + ' ' + num(n.s.y[n.i]) + (n.s.x[n.i] === x0 ? '' : ' (' + d.x.label + ' ' + num(n.s.x[n.i]) + ')'))].join('\n')
};
};
},
bars: d => mx => {
const i = Math.floor((mx - d.left) / d.band);
if (0 > i || i >= d.labels.length) return null;
return { text: [d.labels[i], ...d.series.map(s => (s.name ? s.name + ' ' : '') + num(s.y[i]))].join('\n') };
},
cells: d => (mx, my) => {
const c = Math.floor((mx - d.left) / d.width), r = Math.floor((my - d.top) / d.height);
if (0 > c || 0 > r || c >= d.columns.length || r >= d.rows.length) return null;
return { text: d.y + ' ' + d.rows[r] + '\n' + d.x + ' ' + d.columns[c] + '\n' + num(d.values[r * d.columns.length + c]) };
},
grids: d => (mx, my) => {
const c = Math.floor((mx - d.left) / d.width), g = d.grids.find(g => my >= g.top ? g.top + g.values.length / d.columns.length * d.height > my : false);
if (0 > c || c >= d.columns.length || !g) return null;
const r = Math.floor((my - g.top) / d.height);
return { guide: d.left + (c + 0.5) * d.width, text: g.name + '  ' + d.y.label + ' ' + (g.rows ?? d.rows)[r] + '\n' + d.x + ' ' + c + '  ' + d.columns[c] + '\n' + num(g.values[r * d.columns.length + c]) };
},
boxes: d => (mx, my) => {
const i = d.boxes.findIndex(b => Math.abs(mx - b[0] - b[2] / 2) > b[2] / 2 ? false : b[3] / 2 >= Math.abs(my - b[1] - b[3] / 2));
return i === -1 ? null : { text: d.texts[i] };
},
points: d => (mx, my) => {
const far = d.points.map(p => Math.hypot(p[0] - mx, p[1] - my)), near = Math.min(...far), i = far.indexOf(near);
return near > 30 ? null : { marks: [d.points[i]], text: d.texts[i] };
}
};
document.querySelectorAll('.ck-chart[data-hover]:not([data-ready])').forEach(figure => {
figure.dataset.ready = '1';
const all = JSON.parse(figure.dataset.hover), tip = figure.querySelector('.ck-tip'), hides = [];
const hide = () => hides.forEach(f => f());
hides.push(() => { tip.hidden = true; });
const bind = (area, svg, d) => {
const layer = svg ? svg.appendChild(document.createElementNS(svgNs, 'g')) : null;
let find = null, letters = null;
if (layer) hides.push(() => layer.replaceChildren());
const draw = (kind, at, css) => {
const e = layer.appendChild(document.createElementNS(svgNs, kind));
e.setAttribute('class', css);
for (const k in at) e.setAttribute(k, at[k]);
};
const letter = target => {
letters ??= new Map([...area.querySelectorAll('i')].map((e, i) => [e, i]));
const i = letters.get(target.closest('i'));
return i === undefined ? null : { text: d.texts ? d.texts[i] : d.names[i] + '  position ' + d.at[i] + '\nvalue ' + num(d.values[i]) };
};
const move = e => {
let hit = null;
if (svg) {
const box = svg.getBoundingClientRect(), unit = svg.viewBox.baseVal.width / box.width;
find ??= hits[d.kind](d);
hit = find((e.clientX - box.left) * unit, (e.clientY - box.top) * unit);
} else hit = letter(e.target);
hide();
if (!hit) return;
if (typeof hit.guide === 'number') draw('line', { x1: hit.guide, x2: hit.guide, y1: d.y.to, y2: d.y.from }, 'ck-guide');
for (const m of hit.marks ?? []) draw('circle', { cx: m[0], cy: m[1], r: 5 }, 'ck-mark');
tip.textContent = hit.text;
tip.hidden = false;
const home = figure.getBoundingClientRect(), x = e.clientX - home.left, y = e.clientY - home.top;
tip.style.left = Math.max(0, x > home.width / 2 ? x - tip.offsetWidth - 14 : x + 14) + 'px';
tip.style.top = (y > home.height / 2 ? y - tip.offsetHeight - 10 : y + 14) + 'px';
};
area.addEventListener('pointermove', move);
area.addEventListener('pointerdown', move);
area.addEventListener('pointerleave', e => { if (e.pointerType === 'mouse') hide(); });
};
figure.querySelectorAll('svg').forEach((svg, i) => bind(svg, svg, all.panels ? all.panels[i] : all));
figure.querySelectorAll('.ck-text,.ck-next,.ck-sight').forEach(area => bind(area, null, all));
document.addEventListener('pointerdown', e => { if (!figure.contains(e.target)) hide(); });
});
})();
