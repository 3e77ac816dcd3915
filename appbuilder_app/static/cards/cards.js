// The pages about cards. The one that reads: a number from the server, the card from this PC's program, the read to
// the server. The forms that follow: the cursor stands where something is still to be typed, and nothing is scrolled
// away that has to be looked at first.
(function () {
  const button = document.getElementById('read-card'), state = document.getElementById('read-state');
  const english = document.documentElement.lang === 'en';
  document.querySelectorAll('[data-tick-all]').forEach((all) => all.addEventListener('change', () => {
    const boxes = document.querySelectorAll('input[name=take][value^=' + all.dataset.tickAll + '_]');
    boxes.forEach((box) => { box.checked = all.checked; });
  }));
  const place = ['grade', 'room', 'student_number'].map((name) => document.getElementById(name)).filter(Boolean);
  if (place.length && !document.getElementById('problems')) {
    const next = place.find((field) => !field.value) || place[place.length - 1];
    const panel = next.closest('[role=tabpanel][hidden]');
    if (panel) document.querySelector('[role=tab][aria-controls="' + panel.id + '"]').click();
    next.focus({preventScroll: true});
  }
  const ready = document.querySelector('[data-ready]');
  if (ready) ready.focus({preventScroll: true});
  if (!button) return;
  const told = button.dataset;
  async function post(url, body, headers, away) {
    let answer;
    try {
      answer = await fetch(url, {
        method: 'POST', headers: {'Content-Type': 'application/json', ...headers}, body: JSON.stringify(body), cache: 'no-store'});
    } catch (error) {
      // A browser that lets no page reach this PC and a program that is not running look alike.
      throw new Error(away);
    }
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error((english && said.english) || said.message || told.failed);
    return said;
  }
  button.addEventListener('click', async () => {
    if (button.disabled) return;
    button.disabled = true;
    state.textContent = told.reading;
    try {
      const token = {'X-CSRFToken': told.token}, asked = {purpose: told.purpose, student: told.student};
      const nonce = (await post(told.nonce, asked, token, told.serverAway || told.failed)).nonce;
      const photo = told.purpose === 'student';
      const read = await post(told.agent + '/read', {nonce: nonce, photo: photo}, {}, told.away);
      location.assign((await post(told.reports, read, token, told.serverAway || told.failed)).path + location.search);
    } catch (error) {
      state.textContent = error.message;
      button.disabled = false;
      button.focus();
    }
  });
})();
