// The hidden Stream component: hands each tick to the notebook on the same page.
// Knows nothing of what a tick says.

watch('value', () => {
  document.dispatchEvent(new CustomEvent('notebook-tick', { detail: props.value }));
});
