document.documentElement.classList.add('js'); // Before the first paint, so that nothing that the script hides is seen to jump.
