// Keys that press the controls of a page: what carries data-key="t" is pressed by t, as the mouse would press it.
// Off by the switch in the help, and never while somebody types.

const STORED = 'dzwoni-keys';
const page = document.documentElement;
const handlers = new Map();

/** Lets `act` have a key before the page's controls; it says whether it took it. Letters with Shift are `Shift+x`. */
export function onKey(key, act) {
  handlers.set(key, act);
}

/** Presses a control as the mouse would: fields get the focus, everything else is clicked. */
export function press(control) {
  if (isField(control)) {
    control.focus();
    if (control.type === 'search') control.select();
  } else {
    control.click();
  }
}

/** The control that a key presses, if there is one that can be seen and used. */
export function control(key) {
  const all = document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
  return [...all].find((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }));
}

const isField = (at) =>
  at instanceof Element &&
  at.matches('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit])');

/** The key's name, or nothing where it belongs to somebody else: to the browser, to a field, to an input method. */
function nameOf(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.getModifierState('AltGraph') || isField(event.target) || document.querySelector('dialog[open]')) return;
  if (event.key.length > 1) return event.shiftKey ? undefined : event.key;
  const letter = event.key.toLowerCase();
  return event.shiftKey && /\p{L}/u.test(letter) ? `Shift+${letter}` : letter;
}

function isOn() {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    // a browser that keeps nothing has them on
    return true;
  }
}

function set(on) {
  page.dataset.keys = on ? 'on' : 'off';
  for (const one of document.querySelectorAll('[data-key]')) {
    if (on) one.setAttribute('aria-keyshortcuts', one.dataset.key);
    else one.removeAttribute('aria-keyshortcuts');
  }
}

document.addEventListener('keydown', (event) => {
  const { target } = event;
  if (isField(target)) {
    // out of the field, so that keys are keys again
    if (event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog[open]')) target.blur();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && target.matches('textarea')) {
      event.preventDefault();
      target.form?.requestSubmit();
    }
    return;
  }
  const key = nameOf(event);
  if (!key || (key.length === 1 || key.startsWith('Shift+') ? page.dataset.keys === 'off' : false)) return;
  if (handlers.get(key)?.(event)) {
    event.preventDefault();
    return;
  }
  const pressed = control(key);
  // a key that is held down must not take two tickets
  if (!pressed || event.repeat) return;
  event.preventDefault();
  press(pressed);
});

// the help, with the switch in it
for (const opener of document.querySelectorAll('[data-opens]')) {
  const dialog = document.getElementById(opener.dataset.opens);
  opener.hidden = false;
  opener.addEventListener('click', (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}
const choice = document.querySelector('[data-keys-switch]');
if (choice) {
  choice.checked = isOn();
  choice.addEventListener('change', () => {
    try {
      localStorage.setItem(STORED, choice.checked ? 'on' : 'off');
    } catch {
      // then it holds for this page
    }
    set(choice.checked);
  });
}
set(isOn());
// another tab's switch is this one's too
addEventListener('storage', (event) => {
  if (event.key !== STORED) return;
  if (choice) choice.checked = isOn();
  set(isOn());
});
