// The page's language: English as it stands in the code, Portuguese from the table PORTUGUESE that
// is put before this script. Knows nothing of what is said.

const language = navigator.language.toLowerCase().startsWith('pt') ? 'pt-BR' : 'en'; // as the server chose

// `text` in that language, {name} replaced by the value of that name.
function t(text, values = {}) {
  const template = (language === 'pt-BR' && PORTUGUESE[text]) || text;
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
