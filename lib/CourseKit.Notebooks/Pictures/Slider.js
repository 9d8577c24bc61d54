(() => {
document.querySelectorAll('.ck-slider:not([data-ready])').forEach(slider => {
slider.dataset.ready = '1';
const names = JSON.parse(slider.dataset.values), input = slider.querySelector(':scope > .ck-dial input'), value = slider.querySelector(':scope > .ck-dial output');
const frames = slider.querySelectorAll(':scope > .ck-frames > .ck-frame');
const show = () => {
const k = Number(input.value);
frames.forEach((frame, i) => { frame.hidden = i !== k; });
value.textContent = names[k];
input.setAttribute('aria-valuetext', names[k]);
};
input.hidden = false;
input.addEventListener('input', show);
show();
});
})();
