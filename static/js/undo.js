// What was done to many tickets can be taken back for a moment: <form data-undo="15"> tells how long still, and goes.

for (const form of document.querySelectorAll('[data-undo]')) {
  const end = performance.now() + Number(form.dataset.undo) * 1000;
  const left = document.createElement('span');
  left.className = 'num muted small';
  // a screen reader has read the button, and need not hear every second
  left.setAttribute('aria-hidden', 'true');
  form.append(left);

  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    left.textContent = `${seconds} s`;
    if (seconds > 0) setTimeout(tick, 1000);
    else form.remove();
  };
  tick();
}
