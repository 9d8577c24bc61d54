(() => {
document.querySelectorAll('.ck-slider:not([data-ready])').forEach(slider => {
slider.dataset.ready = '1';
const names = JSON.parse(slider.dataset.values), input = slider.querySelector(':scope > .ck-dial input'), value = slider.querySelector(':scope > .ck-dial output');
const frames = slider.querySelectorAll(':scope > .ck-frames > .ck-frame');
const show = k => {
input.value = k;
frames.forEach((frame, i) => { frame.hidden = i !== k; });
value.textContent = names[k];
input.setAttribute('aria-valuetext', names[k]);
};
slider.ckShow = show;
input.hidden = false;
input.addEventListener('input', () => {
const around = slider.parentElement.closest('.ck-slider'), k = Number(input.value);
const alike = around ? [...around.querySelectorAll('.ck-slider')].filter(other => other.ckShow ? other.dataset.values === slider.dataset.values : false) : [slider];
alike.forEach(other => other.ckShow(k));
});
show(Number(input.value));
});
})();
