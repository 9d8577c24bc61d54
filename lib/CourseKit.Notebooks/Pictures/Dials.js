(() => {
document.querySelectorAll('.ck-dials:not([data-ready])').forEach(box => {
box.dataset.ready = '1';
const values = JSON.parse(box.dataset.dials), rows = [...box.querySelectorAll(':scope > .ck-dial')];
const inputs = rows.map(row => row.querySelector('input')), outputs = rows.map(row => row.querySelector('output'));
const frames = box.querySelectorAll(':scope > .ck-frames > .ck-frame'), bar = box.querySelector(':scope > .ck-play');
let timer = 0, stop = () => {};
const show = () => {
let k = 0;
inputs.forEach((input, i) => {
const v = Number(input.value);
k = k * values[i].length + v;
outputs[i].textContent = values[i][v];
input.setAttribute('aria-valuetext', values[i][v]);
});
frames.forEach((frame, i) => { frame.hidden = i !== k; });
};
inputs.forEach(input => {
input.hidden = false;
input.addEventListener('input', () => { stop(); show(); });
});
if (bar) {
const [back, play, next] = bar.querySelectorAll('button'), dial = inputs[inputs.length - 1];
const move = to => { dial.value = String(to); show(); };
const isLast = () => Number(dial.value) >= Number(dial.max);
stop = () => { clearInterval(timer); timer = 0; play.textContent = 'play'; };
back.addEventListener('click', () => { stop(); move(Number(dial.value) - 1); });
next.addEventListener('click', () => { stop(); move(Number(dial.value) + 1); });
play.addEventListener('click', () => {
if (timer) { stop(); return; }
if (isLast()) move(0);
play.textContent = 'pause';
timer = setInterval(() => { if (box.isConnected) move(Number(dial.value) + 1); if (!box.isConnected || isLast()) stop(); }, 1300);
});
bar.hidden = false;
}
show();
});
})();
