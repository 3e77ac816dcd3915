// The reader desk: how many numbers are scanned and which twice; an account of the school fills in its person.
(function () {
  const scan = document.querySelector('[data-scan]');
  if (scan) {
    const state = document.getElementById(scan.dataset.scan);
    const tell = () => {
      const seen = new Map();
      scan.value.split('\n').map((line) => line.split('\t')[0].trim().toUpperCase()).filter(Boolean)
        .forEach((serial) => seen.set(serial, (seen.get(serial) || 0) + 1));
      const twice = [...seen].filter((one) => one[1] > 1).map((one) => one[0]);
      state.textContent = !seen.size ? '' : scan.dataset.counted.replace('{n}', seen.size.toLocaleString()) +
        (twice.length ? ' · ' + scan.dataset.twice.replace('{serials}', twice.join(', ')) : '');
      state.classList.toggle('bad', twice.length > 0);
    };
    scan.addEventListener('input', tell);
    tell();
  }
  const fields = document.querySelector('[data-people]');
  if (fields) {
    const people = JSON.parse(fields.dataset.people);
    fields.querySelector('[name=receiver_account]').addEventListener('change', (event) => {
      Object.entries(people[event.target.value] || {}).forEach(([name, text]) => {
        fields.querySelector('[name=' + name + ']').value = text;
      });
    });
  }
})();
