// A bulk action can be undone for some seconds: <form data-undo-seconds="15"> shows how many are left, then disappears.

for (const form of document.querySelectorAll('[data-undo-seconds]')) {
  const deadline = performance.now() + Number(form.dataset.undoSeconds) * 1000;
  const timeLeft = document.createElement('span');
  timeLeft.className = 'num muted small';
  // a screen reader must not announce every second
  timeLeft.setAttribute('aria-hidden', 'true');
  form.append(timeLeft);

  const tick = () => {
    const seconds = Math.ceil((deadline - performance.now()) / 1000);
    timeLeft.textContent = `${seconds} s`;
    if (seconds > 0) setTimeout(tick, 1000);
    else form.remove();
  };
  tick();
}
