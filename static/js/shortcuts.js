// Keyboard shortcuts: the key t presses the control with data-key="t", as a click would.
// A switch in the help turns them off, and they are inactive while the user types.

const STORAGE_KEY = 'dzwoni-shortcuts';
const page = document.documentElement;
const handlers = new Map();

/** Calls `handler` for a key before the page's controls; it returns whether it handled it. Letters with Shift are `Shift+x`. */
export function onKey(key, handler) {
  handlers.set(key, handler);
}

/** Focuses a field, clicks any other control. */
export function press(control) {
  if (isField(control)) {
    control.focus();
    if (control.type === 'search') control.select();
  } else {
    control.click();
  }
}

/** The visible, enabled control of a key, if there is one. */
export function controlOf(key) {
  const all = document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
  return [...all].find((element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }));
}

const isField = (node) =>
  node instanceof Element &&
  node.matches('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit])');

/** The name of the key, or undefined where it belongs to the browser, a field or an input method. */
function nameOf(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.getModifierState('AltGraph') || isField(event.target) || document.querySelector('dialog[open]')) return;
  if (event.key.length > 1) return event.shiftKey ? undefined : event.key;
  const letter = event.key.toLowerCase();
  return event.shiftKey && /\p{L}/u.test(letter) ? `Shift+${letter}` : letter;
}

function isOn() {
  try {
    return localStorage.getItem(STORAGE_KEY) !== 'off';
  } catch {
    // without storage they are on
    return true;
  }
}

function setOn(on) {
  page.dataset.shortcuts = on ? 'on' : 'off';
  for (const element of document.querySelectorAll('[data-key]')) {
    if (on) element.setAttribute('aria-keyshortcuts', element.dataset.key);
    else element.removeAttribute('aria-keyshortcuts');
  }
}

document.addEventListener('keydown', (event) => {
  const { target } = event;
  if (isField(target)) {
    // leaves the field, so that shortcuts work again
    if (event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog[open]')) target.blur();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && target.matches('textarea')) {
      event.preventDefault();
      target.form?.requestSubmit();
    }
    return;
  }
  const key = nameOf(event);
  if (!key || (key.length === 1 || key.startsWith('Shift+') ? page.dataset.shortcuts === 'off' : false)) return;
  if (handlers.get(key)?.(event)) {
    event.preventDefault();
    return;
  }
  const pressed = controlOf(key);
  // a key that is held down must act once
  if (!pressed || event.repeat) return;
  event.preventDefault();
  press(pressed);
});

// the help dialog and its switch
for (const opener of document.querySelectorAll('[data-opens-dialog]')) {
  const dialog = document.getElementById(opener.dataset.opensDialog);
  opener.hidden = false;
  opener.addEventListener('click', (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}
const toggle = document.querySelector('[data-shortcuts-switch]');
if (toggle) {
  toggle.checked = isOn();
  toggle.addEventListener('change', () => {
    try {
      localStorage.setItem(STORAGE_KEY, toggle.checked ? 'on' : 'off');
    } catch {
      // without storage it applies to this page only
    }
    setOn(toggle.checked);
  });
}
setOn(isOn());
// the switch applies to all tabs
addEventListener('storage', (event) => {
  if (event.key !== STORAGE_KEY) return;
  if (toggle) toggle.checked = isOn();
  setOn(isOn());
});
