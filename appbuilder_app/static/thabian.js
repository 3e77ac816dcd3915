/* What moves on the screens: drawer, dialogs, countdown, look-up, Buddhist-Era dates, bulk marks, drafts, uploads.
   Every page works without it except look-ups; nothing here decides a rule, the server always asks again. */
(function () {
'use strict';
var html = document.documentElement, th = html.lang !== 'en';
function t(thai, english) { return th ? thai : english; }
function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
function el(tag, attributes, content) {
  var node = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (key) { node.setAttribute(key, attributes[key]); });
  [].concat(content == null ? [] : content).forEach(function (child) { node.append(child); });
  return node;
}
var sprite = html.dataset.icons || '';
function icon(name, cls) {
  var ns = 'http://www.w3.org/2000/svg', svg = document.createElementNS(ns, 'svg'), use = document.createElementNS(ns, 'use');
  svg.setAttribute('class', 'i ' + (cls || '')); svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', sprite + '#' + name); svg.append(use); return svg;
}
function arabic(text) { return text.replace(/[๐-๙]/g, function (c) { return c.charCodeAt(0) - 0x0E50; }); }
function saved(key, value) {  /* A browser that refuses storage must still let people work. */
  try {
    if (value === undefined) return JSON.parse(sessionStorage.getItem(key));
    if (value === null) sessionStorage.removeItem(key); else sessionStorage.setItem(key, JSON.stringify(value));
  } catch (refused) { return null; }
}

/* ---- Time: the server's clock decides; the PC's may be wrong by hours ---- */
function named(option, dates) { var f = new Intl.DateTimeFormat(html.lang, Object.assign({ timeZone: 'UTC' }, option)); return dates.map(function (d) { return f.format(d); }); }
var YEAR = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(function (i) { return Date.UTC(2023, i, 1); });
var MONTHS = named({ month: 'short' }, YEAR), FULL = named({ month: 'long' }, YEAR);
var DAYS = named({ weekday: 'narrow' }, [1, 2, 3, 4, 5, 6, 7].map(function (d) { return Date.UTC(2023, 0, d); }));
var clock = document.querySelector('[data-server-now]');
var ahead = clock ? Date.parse(clock.dataset.serverNow) - Date.now() || 0 : 0;
function now() { return Date.now() + ahead; }
function bangkok(ms) { return new Date(ms + 7 * 3600e3); }  /* read with getUTC…; Thailand has no summer time */
function two(n) { return (n < 10 ? '0' : '') + n; }
function countdown(ms) {
  var s = Math.floor(ms / 1000), d = Math.floor(s / 86400), h = Math.floor(s % 86400 / 3600), m = Math.floor(s % 3600 / 60);
  var D = d + t(' วัน', ' d'), H = h + t(' ชั่วโมง', ' h'), M = m + t(' นาที', ' min'), S = s % 60 + t(' วินาที', ' s');
  if (d) return D + (h && d < 30 ? ' ' + H : '');
  if (h) return H + (m ? ' ' + M : '');
  return m >= 5 ? M : (m ? M + ' ' : '') + S;
}
function tick() {
  all('[data-deadline]').forEach(function (node) {
    var left = Date.parse(node.dataset.deadline) - now();
    if (isNaN(left)) return;
    var text = left > 0 ? (node.dataset.before || t('เหลือ', 'Left:')) + ' ' + countdown(left) : node.dataset.after || t('หมดเวลาแล้ว', 'Time is over');
    if (node.textContent !== text) node.textContent = text;
    node.classList.toggle('soon', left < 864e5 && left >= 72e5);
    node.classList.toggle('urgent', left < 72e5);
  });
  all('[data-clock]').forEach(function (node) {
    var b = bangkok(now()), day = b.getUTCDate() + ' ' + MONTHS[b.getUTCMonth()] + ' ' + (b.getUTCFullYear() + 543);
    var text = node.dataset.clock === 'day' ? day : two(b.getUTCHours()) + '.' + two(b.getUTCMinutes()) + (th ? ' น.' : '');
    if (node.textContent !== text) node.textContent = text;
  });
}
tick(); setInterval(tick, 1000);

/* ---- Drawer, toggles, small helpers of pages ---- */
document.addEventListener('click', function (event) {
  var button = event.target.closest('[data-toggle]');
  if (button) toggle(button, button.getAttribute('aria-expanded') !== 'true');
  if (event.target.closest('[data-dismiss]')) event.target.closest('.callout').remove();
  if (event.target.closest('[data-print]')) window.print();
  var fill = event.target.closest('[data-fill]');
  if (fill) fillIn(JSON.parse(fill.dataset.fill));
  all('details.who[open],details.menu[open]').forEach(function (d) { if (!d.contains(event.target)) d.open = false; });
  var row = event.target.closest('tr[data-href]');
  if (row && !event.target.closest('a,button,input,label,summary') && !String(getSelection())) location.href = row.dataset.href;
});
function toggle(button, open) {
  var target = document.getElementById(button.dataset.toggle);
  button.setAttribute('aria-expanded', open); target.classList.toggle('on', open);
  if (!target.classList.contains('side')) return;
  all('.veil').forEach(function (v) { v.remove(); });
  if (!open) return;
  var veil = el('div', { 'class': 'veil' }); veil.onclick = function () { toggle(button, false); };
  target.after(veil); var first = target.querySelector('a'); if (first) first.focus();
}
/* ---- Tabs of a form or a record: links to its parts when there is no script ---- */
all('[data-tabs]').forEach(function (root) {
  var list = root.querySelector('[data-tablist]'), tabs = all('a', list), panels = tabs.map(function (a) { return document.getElementById(a.hash.slice(1)); }), found = false;
  function open(n, focus) {
    tabs.forEach(function (tab, i) { tab.setAttribute('aria-selected', i === n); tab.tabIndex = i === n ? 0 : -1; panels[i].hidden = i !== n; });
    tabs[n].scrollIntoView({ block: 'nearest', inline: 'nearest' }); if (focus) tabs[n].focus();
  }
  function openFor(node) { var n = panels.findIndex(function (p) { return p.contains(node); }); if (n >= 0) open(n); return n >= 0; }
  list.setAttribute('role', 'tablist');
  tabs.forEach(function (tab, i) {
    tab.setAttribute('role', 'tab'); tab.setAttribute('aria-controls', panels[i].id);
    panels[i].setAttribute('role', 'tabpanel'); panels[i].setAttribute('aria-labelledby', tab.id);
    tab.addEventListener('click', function (event) { event.preventDefault(); open(i); });
    tab.addEventListener('keydown', function (event) {
      var to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault(); open((to + tabs.length) % tabs.length, true);
    });
  });
  /* The browser stops at a field that must be filled; hidden in another tab nobody would see why. */
  root.addEventListener('invalid', function (event) { if (!found) { found = openFor(event.target); setTimeout(function () { found = false; }, 0); } }, true);
  document.addEventListener('click', function (event) {
    var link = event.target.closest('a[href^="#"]'), node = link && !list.contains(link) && document.getElementById(link.hash.slice(1));
    if (node && openFor(node)) { event.preventDefault(); node.focus(); node.scrollIntoView({ block: 'center' }); }
  });
  var named = location.hash && document.getElementById(location.hash.slice(1));
  open(Math.max(0, tabs.findIndex(function (tab) { return 'wrong' in tab.dataset; })));
  if (named) openFor(named);
});
var aim = location.hash && document.getElementById(location.hash.slice(1));  /* a link may name a field of a form */
if (aim && /INPUT|SELECT/.test(aim.tagName)) aim.focus();

/* A browser in another language still says in Thai what is missing. */
document.addEventListener('invalid', function (event) {
  var field = event.target; if (!field.validity.valueMissing) return;
  field.setCustomValidity(t('กรุณากรอกช่องนี้', 'Please fill in this field'));
  ['input', 'change'].forEach(function (name) { field.addEventListener(name, function () { field.setCustomValidity(''); }, { once: true }); });
}, true);

/* ---- The keyboard: told in a box of its own, behind "?" ---- */
var KEYS = [['/', t('ไปที่ช่องค้นหา', 'Go to search')], ['j  k  ↓  ↑', t('รายการถัดไป ก่อนหน้า', 'Next or previous row')], ['Enter', t('เปิดรายการ หรือบันทึกแบบฟอร์ม', 'Open the row, or save the form')],
  ['x', t('เลือกหรือไม่เลือกรายการ', 'Tick the row')], ['Ctrl + S', t('บันทึกแบบฟอร์ม', 'Save the form')], ['←  →', t('เปลี่ยนแท็บของแบบฟอร์ม', 'Other tab of a form')], ['?', t('แสดงปุ่มลัดเหล่านี้', 'Show these keys')]];
function tellKeys() {
  var shut = el('button', { 'class': 'btn' }, t('ปิด', 'Close')), form = el('form', { method: 'dialog' }, [el('h2', { id: 'keys-title' }, t('ปุ่มลัดบนแป้นพิมพ์', 'Keys')),
    el('dl', { 'class': 'facts keys' }, [].concat.apply([], KEYS.map(function (key) { return [el('dt', {}, el('kbd', {}, key[0])), el('dd', {}, key[1])]; }))), el('div', { 'class': 'actions' }, shut)]);
  var dialog = el('dialog', { 'aria-labelledby': 'keys-title' }, form);
  dialog.onclose = function () { dialog.remove(); }; document.body.append(dialog); dialog.showModal();
}
var foot = document.querySelector('.shell:not(.alone) .foot');
if (foot) { var keysButton = el('button', { type: 'button', 'class': 'btn small quiet keys-button' }, t('ปุ่มลัด', 'Keys')); keysButton.onclick = tellKeys; foot.append(keysButton); }
function step(way) {
  var links = all('tr[data-href] a.open'), at = links.indexOf(document.activeElement.closest('tr') ? document.activeElement.closest('tr').querySelector('a.open') : null);
  var next = links[at < 0 ? (way > 0 ? 0 : links.length - 1) : at + way];
  if (next) { next.focus(); next.scrollIntoView({ block: 'center' }); } return !!next;
}
document.addEventListener('keydown', function (event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
    var form = document.querySelector('form[data-keep]'), button = form && form.querySelector('button.primary:not(:disabled)');
    if (!button) return;
    event.preventDefault(); if (document.activeElement.blur) document.activeElement.blur(); form.requestSubmit(button); return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) return;
  if (event.target.closest('input:not([type=checkbox]),textarea,select,[contenteditable],[role=tab],[role=dialog],details[open]')) return;
  var way = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (way && (event.key.length === 1 || event.target.closest('tr[data-href]'))) { if (step(way)) event.preventDefault(); }
  if (event.key === 'x') { var row = document.activeElement.closest('tr'), box = row && row.querySelector('.check input'); if (box) box.click(); }
  if (event.key === '?') { event.preventDefault(); tellKeys(); }
});
function fillIn(values) {
  Object.keys(values).forEach(function (name) {
    var input = document.querySelector('[name="' + name + '"]'); if (input) input.value = values[name];
  });
}
document.addEventListener('keydown', function (event) {
  if (event.key === 'Escape') {
    all('[data-toggle=nav][aria-expanded=true]').forEach(function (b) { toggle(b, false); b.focus(); });
    all('details.who[open],details.menu[open]').forEach(function (d) { d.open = false; d.querySelector('summary').focus(); });
  }
  if (event.key === '/' && !/INPUT|TEXTAREA|SELECT/.test(event.target.tagName) && !event.ctrlKey && !event.metaKey) {
    var search = document.querySelector('input[type=search]');
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});

/* ---- Ask first (data-confirm), then send once ---- */
function ask(source, agreed) {
  var d = source.dataset, form = el('form', { method: 'dialog' }), dialog = el('dialog', { 'aria-labelledby': 'ask-title' }, form);
  form.append(el('h2', { id: 'ask-title' }, d.confirmTitle || t('โปรดยืนยัน', 'Please confirm')), el('p', {}, d.confirm));
  var reason;
  if (d.confirmReason) {
    reason = el('textarea', { id: 'ask-reason', required: '', maxlength: 500 });
    form.append(el('div', { 'class': 'field' }, [el('label', { 'for': 'ask-reason' }, d.confirmReason), reason]));
  }
  var no = el('button', { type: 'button', 'class': 'btn' }, t('ยกเลิก', 'Cancel'));
  var yes = el('button', { 'class': 'btn primary' + ('confirmDanger' in d ? ' danger' : '') }, d.confirmOk || t('ยืนยัน', 'Confirm'));
  form.append(el('div', { 'class': 'actions' }, [no, yes]));
  no.onclick = function () { dialog.close(); };
  form.onsubmit = function () { agreed(reason && reason.value); };
  dialog.onclose = function () { dialog.remove(); source.focus(); };
  document.body.append(dialog); dialog.showModal(); (reason || no).focus();
}
document.addEventListener('click', function (event) {
  var link = event.target.closest('a[data-confirm]');
  if (link) { event.preventDefault(); ask(link, function () { location.href = link.href; }); }
});
document.addEventListener('submit', function (event) {
  var form = event.target, button = event.submitter || null;
  if (event.defaultPrevented || form.method === 'dialog') return;
  var source = button && button.dataset.confirm ? button : form.dataset.confirm ? form : null;
  if (source && !form.agreed) {
    event.preventDefault();
    ask(source, function (reason) {
      if (reason) form.append(el('input', { type: 'hidden', name: source.dataset.confirmName || 'reason', value: reason }));
      form.agreed = true; form.requestSubmit(button || undefined);
    });
    return;
  }
  form.agreed = false;
  if (form.method !== 'post' || 'many' in form.dataset) return;
  if (form.sent) { event.preventDefault(); return; }
  form.sent = true;
  if (form.dataset.logout !== undefined) drafts().forEach(function (key) { saved(key, null); });
  if (form.keeping) form.keeping(true);
  setTimeout(function () {  /* after the browser has taken the values: a disabled button is not sent */
    all('button:not([type=button])', form).concat(button && button.form === form ? [button] : []).forEach(function (b) { b.disabled = true; });
    if (!button || button.querySelector('.spin')) return;
    button.classList.add('busy'); button.prepend(icon('loader', 'spin'));
  }, 0);
});
window.addEventListener('pageshow', function (event) {
  if (!event.persisted) return;
  all('form').forEach(function (f) { f.sent = false; });
  all('.busy').forEach(function (b) { b.classList.remove('busy'); b.querySelector('.spin').remove(); });
  all('form[role=search] :disabled').forEach(function (e) { e.disabled = false; });
  all('form button:disabled:not([data-off])').forEach(function (b) { b.disabled = false; });
});

/* ---- Messages beside one field ---- */
function say(input, message, kind) {
  var id = input.id + '-live', note = document.getElementById(id), field = input.closest('.field') || input.parentNode;
  if (note) note.remove();
  if (!kind) input.setCustomValidity(message);  /* a kind only tells, it never stops the save */
  if (kind !== 'notice') input.setAttribute('aria-invalid', !!message);
  if (!message) return;
  note = el('p', { id: id, 'class': kind || 'error', role: 'status' }, kind ? message : [icon('circle-alert'), message]);
  field.append(note);
  var described = (input.getAttribute('aria-describedby') || '').split(' ').filter(function (d) { return d && d !== id; });
  input.setAttribute('aria-describedby', described.concat(id).join(' '));
}

/* ---- Buddhist-Era dates: dd/mm/พ.ศ. as text, Thai digits welcome ---- */
function readDate(text) {
  var parts = arabic(text).trim().match(/^(\d{1,2})\s*[\/\-. ]\s*(\d{1,2})\s*[\/\-. ]\s*(\d{4}|\d{2})$/) || arabic(text).trim().match(/^(\d\d)(\d\d)(\d{4})$/);
  if (!parts) return null;
  var d = +parts[1], m = +parts[2], y = +parts[3], christian = y > 1800 && y < 2300;
  if (y < 100) y += 2500; if (christian) y += 543;
  var date = new Date(Date.UTC(y - 543, m - 1, d));
  return date.getUTCMonth() === m - 1 && date.getUTCDate() === d && y > 2300 && y < 2800 ? { d: d, m: m, y: y, christian: christian } : null;
}
function writeDate(date) { return two(date.d) + '/' + two(date.m) + '/' + date.y; }
function checkDate(input) {
  if (!input.value.trim()) return say(input, '');
  var date = readDate(input.value);
  if (!date) return say(input, t('วันที่ไม่ถูกต้อง ให้พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น 10/06/2568', 'Not a date: type day/month/Buddhist year, e.g. 10/06/2568'));
  say(input, ''); input.value = writeDate(date);
  say(input, (date.christian ? t('แปลงจาก ค.ศ. เป็น พ.ศ. แล้ว: ', 'Changed to the Buddhist Era: ') : '') + date.d + ' ' + FULL[date.m - 1] + ' ' + date.y, 'notice');
}
all('input[data-be-date]').forEach(function (input) {
  input.setAttribute('inputmode', 'numeric'); input.autocomplete = 'off';
  if (!input.placeholder) input.placeholder = t('วว/ดด/ปปปป (พ.ศ.)', 'dd/mm/yyyy (B.E.)');
  input.addEventListener('change', function () { checkDate(input); });
  input.addEventListener('input', function (event) {
    if (event.inputType && event.inputType.indexOf('delete') === 0) return;
    if (/^[\d๐-๙]{2}$/.test(input.value) || /^[\d๐-๙]{1,2}\/[\d๐-๙]{2}$/.test(input.value)) input.value += '/';
  });
  if (input.matches(':disabled,:read-only')) return;
  var button = el('button', { type: 'button', 'aria-label': t('เลือกจากปฏิทิน', 'Pick from the calendar'), 'aria-expanded': 'false' }, icon('calendar'));
  var box = el('div', { 'class': 'with-btn' }); input.replaceWith(box); box.append(input, button);
  button.onclick = function () { calendar(input, button, box); };
});
function calendar(input, button, box) {
  var open = box.querySelector('.cal'); if (open) return close();
  var today = bangkok(now()), start = readDate(input.value) || { d: today.getUTCDate(), m: today.getUTCMonth() + 1, y: today.getUTCFullYear() + 543 };
  var year = start.y, month = start.m, thisYear = today.getUTCFullYear() + 543;
  var months = el('select', { 'aria-label': t('เดือน', 'Month') }, FULL.map(function (name, i) { return el('option', { value: i + 1 }, name); }));
  var years = el('select', { 'aria-label': t('ปี พ.ศ.', 'Buddhist year') });
  for (var y = Math.max(thisYear + 3, year); y >= Math.min(thisYear - 80, year); y--) years.append(el('option', { value: y }, String(y)));
  var days = el('div', { 'class': 'days' }), cal = el('div', { 'class': 'cal', role: 'dialog', 'aria-label': t('ปฏิทิน', 'Calendar') }, [el('div', { 'class': 'row' }, [months, years]), days]);
  if (box.getBoundingClientRect().left + 310 > innerWidth) cal.classList.add('right');
  function close() { (open || cal).remove(); button.setAttribute('aria-expanded', 'false'); button.focus(); document.removeEventListener('mousedown', outside); }
  function outside(event) { if (!box.contains(event.target)) close(); }
  function draw(focus) {
    months.value = month; years.value = year; days.textContent = '';
    DAYS.forEach(function (name) { days.append(el('span', { 'aria-hidden': 'true' }, name)); });
    for (var blank = new Date(Date.UTC(year - 543, month - 1, 1)).getUTCDay(); blank > 0; blank--) days.append(el('span'));
    var count = new Date(Date.UTC(year - 543, month, 0)).getUTCDate();
    for (var d = 1; d <= count; d++) {
      var b = el('button', { type: 'button', 'data-day': d, tabindex: d === focus ? 0 : -1, 'aria-pressed': d === start.d && month === start.m && year === start.y }, String(d));
      if (d === today.getUTCDate() && month === today.getUTCMonth() + 1 && year === thisYear) b.setAttribute('aria-current', 'date');
      days.append(b); if (d === focus) b.focus();
    }
    if (!days.querySelector('[tabindex="0"]')) days.querySelector('button').tabIndex = 0;
  }
  months.onchange = function () { month = +months.value; draw(); months.focus(); };
  years.onchange = function () { year = +years.value; draw(); years.focus(); };
  days.onclick = function (event) {
    var day = event.target.dataset.day; if (!day) return;
    input.value = writeDate({ d: +day, m: month, y: year }); close();
    input.dispatchEvent(new Event('input', { bubbles: true })); input.dispatchEvent(new Event('change', { bubbles: true })); input.focus();
  };
  cal.onkeydown = function (event) {
    if (event.key === 'Escape') { event.stopPropagation(); return close(); }
    var step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key], day = +(event.target.dataset.day || 0);
    if (!step || !day) return;
    event.preventDefault();
    var to = new Date(Date.UTC(year - 543, month - 1, day + step));
    year = to.getUTCFullYear() + 543; month = to.getUTCMonth() + 1; draw(to.getUTCDate());
  };
  box.append(cal); button.setAttribute('aria-expanded', 'true'); draw(start.d); document.addEventListener('mousedown', outside);
}

/* ---- 13 digits: tell a slip of the finger before it is sent ---- */
all('input[data-national-id]').forEach(function (input) {
  input.setAttribute('inputmode', 'numeric'); input.autocomplete = 'off';
  input.addEventListener('change', function () {
    var id = arabic(input.value).replace(/[\s-]/g, '');
    if (!id) return say(input, '');
    if (/^g/i.test(id) || !/^\d+$/.test(id)) return say(input, '');  /* a G-code: the server judges */
    if (id.length !== 13) return say(input, t('เลขประจำตัวประชาชนต้องมี 13 หลัก (พิมพ์แล้ว ' + id.length + ' หลัก)', 'A national ID has 13 digits; this has ' + id.length), 'error');
    var sum = 0; for (var i = 0; i < 12; i++) sum += +id[i] * (13 - i);
    say(input, (11 - sum % 11) % 10 === +id[12] ? '' : t('เลขประจำตัวประชาชนไม่ถูกต้อง กรุณาเทียบกับบัตรหรือทะเบียนบ้านอีกครั้ง', 'This national ID is not valid: compare it with the card'), 'error');
    input.value = id.replace(/^(.)(....)(.....)(..)(.)$/, '$1-$2-$3-$4-$5');
  });
});

/* ---- Look-up: type, choose, and a hidden input carries the id ---- */
all('input[data-lookup]').forEach(function (input, n) {
  var hidden = document.getElementById(input.dataset.lookupFor), list, items = [], at = -1, timer, abort;
  if (!hidden || input.matches(':disabled,:read-only')) return;
  var box = el('div', { 'class': 'with-btn' }), button = el('button', { type: 'button', tabindex: -1, 'aria-label': t('เปิดรายการ', 'Open the list') }, icon('chevron-down'));
  input.replaceWith(box); box.append(input, button);
  var chosen = input.value, listId = 'options-' + n;
  [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'], ['aria-controls', listId], ['autocomplete', 'off']].forEach(function (a) { input.setAttribute(a[0], a[1]); });
  function close() { if (list) list.remove(); list = null; at = -1; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); }
  function show(children) {
    close(); list = el('ul', { id: listId, role: 'listbox', 'class': 'options' }, children); box.append(list); input.setAttribute('aria-expanded', 'true');
    list.onmousedown = function (event) { event.preventDefault(); var li = event.target.closest('[data-n]'); if (li) choose(items[+li.dataset.n]); };
  }
  function note(text) { items = []; show(el('li', { 'class': 'note', role: 'presentation' }, text)); }
  function choose(item) {
    hidden.value = item.id; input.value = chosen = item.text; say(input, ''); close();
    hidden.dispatchEvent(new Event('change', { bubbles: true })); input.dispatchEvent(new Event('input', { bubbles: true })); clearTimeout(timer);
  }
  function mark(next) {
    if (!items.length || !list) return;
    at = (next + items.length) % items.length;
    all('li', list).forEach(function (li, i) { li.setAttribute('aria-selected', i === at); if (i === at) { input.setAttribute('aria-activedescendant', li.id); li.scrollIntoView({ block: 'nearest' }); } });
  }
  function load(query) {
    if (abort) abort.abort(); abort = new AbortController();
    fetch(input.dataset.lookup + (input.dataset.lookup.indexOf('?') < 0 ? '?' : '&') + 'q=' + encodeURIComponent(query), { signal: abort.signal, headers: { Accept: 'application/json' } })
      .then(function (answer) {
        if (answer.redirected || answer.status === 401) throw new Error(t('การเข้าสู่ระบบหมดอายุ กรุณาเข้าสู่ระบบใหม่ในอีกแท็บ แล้วลองอีกครั้ง', 'Please log in again in another tab, then retry'));
        if (!answer.ok) throw new Error(t('ค้นหาไม่ได้ในขณะนี้ กรุณาลองอีกครั้ง', 'Cannot search just now, please retry'));
        return answer.json();
      })
      .then(function (found) {
        items = found;
        if (!items.length) return note(t('ไม่พบรายการที่ตรงกัน', 'Nothing matches'));
        show(items.map(function (item, i) { return el('li', { id: listId + '-' + i, 'data-n': i, role: 'option', 'aria-selected': 'false' }, item.text); }));
      })
      .catch(function (wrong) { if (wrong.name !== 'AbortError') note(wrong instanceof TypeError ? t('เชื่อมต่อไม่ได้ กรุณาตรวจสอบเครือข่าย', 'No connection') : wrong.message); });
  }
  input.addEventListener('input', function (event) {
    if (!event.isTrusted) return;
    clearTimeout(timer); hidden.value = '';
    timer = setTimeout(function () { if (input.value.trim()) load(input.value.trim()); else { close(); chosen = ''; } }, 220);
  });
  input.addEventListener('keydown', function (event) {
    if (event.key === 'ArrowDown') { event.preventDefault(); if (list) mark(at + 1); else load(input.value === chosen ? '' : input.value.trim()); }
    if (event.key === 'ArrowUp') { event.preventDefault(); mark(at - 1); }
    if (event.key === 'Enter' && list && at >= 0) { event.preventDefault(); choose(items[at]); }
    if (event.key === 'Escape' && list) { event.stopPropagation(); close(); }
  });
  input.addEventListener('blur', function () {
    setTimeout(close, 120);
    if (input.value.trim() && !hidden.value) say(input, t('กรุณาเลือกจากรายการที่ปรากฏ', 'Please choose from the list'));
    else say(input, '');
  });
  button.onclick = function () { input.focus(); if (list) close(); else load(''); };
});

/* ---- Filters of several values, further filters, columns: all work without this, a little less smoothly ---- */
all('[data-pick]').forEach(function (pick) {
  var shown = pick.querySelector('[data-all]');
  pick.addEventListener('change', function () {
    var on = all('input:checked', pick).map(function (box) { var label = box.closest('label'); return label.dataset.short || label.textContent.trim(); });
    shown.textContent = on.join(', ') || shown.dataset.all;
  });
});
all('select[data-submit]').forEach(function (select) { select.addEventListener('change', function () { if (select.value) select.form.requestSubmit(); }); });
all('form[role=search]').forEach(function (form) {  /* a short address is read, shared and saved more easily */
  form.addEventListener('submit', function () { all('input,select', form).forEach(function (e) { if (!e.value) e.disabled = true; }); });
});
all('form[data-columns]').forEach(function (form) {
  var chosen = form.querySelector('[data-chosen]');
  function arm(li) {
    if (li.querySelector('button')) return;
    [['arrow-up', t('เลื่อนขึ้น', 'Up')], ['arrow-down', t('เลื่อนลง', 'Down')]].forEach(function (way, down) {
      var b = el('button', { type: 'button', 'class': 'btn small quiet', 'aria-label': way[1] + ' ' + li.textContent.trim() }, icon(way[0]));
      b.onclick = function () { var other = down ? li.nextElementSibling : li.previousElementSibling; if (other) { if (down) other.after(li); else other.before(li); b.focus(); } };
      li.append(b);
    });
  }
  all('li', chosen).forEach(arm);
  form.addEventListener('change', function (event) {
    var label = event.target.closest('.columns-more label');
    if (label && event.target.checked) { var li = el('li', {}, label); chosen.append(li); arm(li); event.target.focus(); }
  });
  form.addEventListener('submit', function () {
    var boxes = all('input[name=columns]', form), on = boxes.filter(function (b) { return b.checked; });
    boxes.forEach(function (b) { b.disabled = true; });
    if (on.length) form.append(el('input', { type: 'hidden', name: 'columns', value: on.map(function (b) { return b.value; }).join(',') }));
  });
});

/* ---- Narrow a long form to the lines that are asked for; what is hidden is still sent ---- */
all('input[data-narrow]').forEach(function (input) {
  var form = document.getElementById(input.dataset.narrow);
  input.addEventListener('keydown', function (event) { if (event.key === 'Enter') event.preventDefault(); });
  input.addEventListener('input', function () {
    var wanted = input.value.trim().toLowerCase();
    all('[data-chapter]', form).forEach(function (chapter) {
      var lines = all('[data-line]', chapter);
      lines.forEach(function (line) { line.hidden = line.querySelector('th').textContent.toLowerCase().indexOf(wanted) < 0; });
      chapter.hidden = lines.every(function (line) { return line.hidden; });
    });
  });
});

/* ---- Marks in a table and the bar of what can be done with them ---- */
all('[data-bulk]').forEach(function (bar) {
  var boxes = all('input[form="' + bar.dataset.bulk + '"][type=checkbox]:not([data-check-every])'), entire = bar.querySelector('[data-check-every]'), every = document.querySelector('[data-check-all="' + bar.dataset.bulk + '"]'), last;
  function show() {
    var on = boxes.filter(function (b) { return b.checked; }).length;
    if (entire && on < boxes.length) entire.checked = false;
    if (entire) entire.closest('label').hidden = on < boxes.length;
    bar.classList.toggle('on', on > 0); bar.querySelector('[data-count]').textContent = entire && entire.checked ? (+entire.dataset.checkEvery).toLocaleString() : on.toLocaleString();
    boxes.forEach(function (b) { b.closest('tr').classList.toggle('picked', b.checked); });
    if (every) { every.checked = on > 0 && on === boxes.length; every.indeterminate = on > 0 && on < boxes.length; }
  }
  if (entire) entire.onchange = show;
  if (every) every.onchange = function () { boxes.forEach(function (b) { b.checked = every.checked; }); show(); };
  boxes.forEach(function (box) {
    box.addEventListener('click', function (event) {  /* Shift marks a run, as in a spreadsheet */
      if (event.shiftKey && last) {
        var a = boxes.indexOf(last), b = boxes.indexOf(box);
        boxes.slice(Math.min(a, b), Math.max(a, b) + 1).forEach(function (x) { x.checked = box.checked; });
      }
      last = box; show();
    });
  });
  var none = bar.querySelector('[data-check-none]');
  if (none) none.onclick = function () { boxes.forEach(function (b) { b.checked = false; }); show(); };
  show();
});

/* One tick for all rows of a form, where no bar counts them */
all('[data-check-all]').forEach(function (every) {
  var form = every.form;
  if (form && form.id === every.dataset.checkAll && !document.querySelector('[data-bulk="' + form.id + '"]'))
    every.onchange = function () { all('input[type=checkbox][name]', form).forEach(function (b) { b.checked = every.checked; }); };
});

/* ---- Drafts: an expired login loses nothing typed. This tab and this person only ---- */
function drafts() {
  try { return Object.keys(sessionStorage).filter(function (k) { return k.indexOf('draft:') === 0; }); } catch (refused) { return []; }
}
drafts().forEach(function (key) {
  var draft = saved(key) || {}, viewer = html.dataset.viewer;
  if (html.dataset.page === 'login' || html.dataset.page === 'error') { if (draft.sent) { draft.bounced = true; saved(key, draft); } return; }
  if ((viewer && draft.viewer !== viewer) || (draft.sent && !draft.bounced) || Date.now() - draft.at > 8 * 3600e3) saved(key, null);
});
if (html.dataset.page === 'error' && drafts().length) all('[data-has-draft]').forEach(function (node) { node.hidden = false; });
function values(form) {
  var out = {};
  Array.prototype.forEach.call(form.elements, function (e) {
    if (!(e.name || e.id) || /^(password|file|submit|button)$/.test(e.type) || /csrf/.test(e.name)) return;
    var key = e.name || '#' + e.id;
    if (e.type === 'checkbox' || e.type === 'radio') out[key + '=' + e.value] = e.checked; else if (e.tagName !== 'BUTTON' && e.tagName !== 'FIELDSET') out[key] = e.multiple ? all('option:checked', e).map(function (o) { return o.value; }) : e.value;
  });
  return out;
}
function restore(form, draft) {
  Array.prototype.forEach.call(form.elements, function (e) {
    var key = e.name || '#' + e.id, value = draft[key];
    if (e.type === 'checkbox' || e.type === 'radio') { if (key + '=' + e.value in draft) e.checked = draft[key + '=' + e.value]; }
    else if (e.multiple && value) all('option', e).forEach(function (o) { o.selected = value.indexOf(o.value) >= 0; });
    else if (key in draft) e.value = value;
  });
}
all('form[data-keep]').forEach(function (form, n) {
  var key = 'draft:' + location.pathname + '#' + (form.id || n), first = JSON.stringify(values(form)), dirty = form.hasAttribute('data-problems'), timer;
  function keep(sent) { saved(key, { at: Date.now(), viewer: html.dataset.viewer, sent: sent, values: values(form) }); }
  form.keeping = function () { clearTimeout(timer); keep(true); dirty = false; };
  function changed() { dirty = JSON.stringify(values(form)) !== first; clearTimeout(timer); timer = setTimeout(function () { if (dirty) keep(false); else saved(key, null); }, 300); }
  form.addEventListener('input', changed); form.addEventListener('change', changed);
  window.addEventListener('beforeunload', function (event) { if (dirty && !form.sent) { event.preventDefault(); event.returnValue = ''; } });
  all('[data-discard]').forEach(function (link) { link.addEventListener('click', function () { saved(key, null); }); });
  var old = saved(key);
  if (!old || JSON.stringify(old.values) === first) return;
  var when = bangkok(old.at + ahead), back = el('button', { type: 'button', 'class': 'btn small primary' }, t('นำกลับมาใส่', 'Put it back')), drop = el('button', { type: 'button', 'class': 'btn small' }, t('ทิ้ง', 'Discard'));
  var box = el('div', { 'class': 'callout warn', role: 'status' }, [icon('history'), el('div', {}, [el('p', {}, t('พบข้อมูลที่พิมพ์ค้างไว้ในหน้านี้เมื่อ ' + two(when.getUTCHours()) + '.' + two(when.getUTCMinutes()) + ' น. ซึ่งยังไม่ได้บันทึก', 'Something typed here earlier was not saved')), el('div', { 'class': 'row' }, [back, drop])])]);
  back.onclick = function () { restore(form, old.values); box.remove(); changed(); };
  drop.onclick = function () { saved(key, null); box.remove(); };
  form.prepend(box);
});

/* ---- A file of a record goes as soon as it is chosen ---- */
all('input[data-send-at-once]').forEach(function (input) {
  input.addEventListener('change', function () { if (input.files.length) { input.closest('label').setAttribute('aria-busy', 'true'); input.form.requestSubmit(); } });
});

/* ---- Upload zone ---- */
function size(bytes) { return bytes < 1e6 ? Math.max(1, Math.round(bytes / 1024)) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB'; }
all('[data-drop]').forEach(function (zone) {
  var input = zone.querySelector('input[type=file]'), limit = +zone.dataset.maxBytes || 0, shown = zone.querySelector('[data-file]');
  function show() {
    var file = input.files[0], over = file && limit && file.size > limit;
    shown.hidden = !file; shown.classList.toggle('bad', !!over); if (!file) return input.setCustomValidity('');
    shown.textContent = ''; shown.append(icon(over ? 'circle-alert' : 'file-check'), file.name + ' · ' + size(file.size) + (over ? ' · ' + t('ใหญ่เกินกำหนด ', 'over the limit of ') + size(limit) : ''));
    input.setCustomValidity(over ? t('ไฟล์ใหญ่เกินกำหนด', 'The file is too large') : '');
  }
  input.addEventListener('change', show);
  ['dragenter', 'dragover'].forEach(function (name) { zone.addEventListener(name, function (e) { e.preventDefault(); zone.classList.add('over'); }); });
  ['dragleave', 'drop'].forEach(function (name) { zone.addEventListener(name, function (e) { e.preventDefault(); zone.classList.remove('over'); }); });
  zone.addEventListener('drop', function (e) { if (e.dataTransfer.files.length) { input.files = e.dataTransfer.files; input.dispatchEvent(new Event('change', { bubbles: true })); } });
  show();
});

/* ---- Background work: ask every two seconds, slower when the network fails ---- */
all('[data-poll]').forEach(function (node) {
  var bar = node.querySelector('progress'), text = node.querySelector('[data-text]'), wait = 2000;
  function again() {
    fetch(node.dataset.poll, { headers: { Accept: 'application/json' } }).then(function (r) { return r.json(); }).then(function (state) {
      wait = 2000; if (state.next) { location.href = state.next; return; }
      if (bar && state.max) { bar.max = state.max; bar.value = state.value; }
      if (text && state.text) text.textContent = state.text;
      setTimeout(again, wait);
    }).catch(function () { wait = Math.min(wait * 2, 30000); setTimeout(again, wait); });
  }
  setTimeout(again, wait);
});
}());
