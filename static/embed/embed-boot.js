// The card in another page's frame: its one file, and then no connection any more.

const { search } = new URL(import.meta.url);
const main = document.getElementById("embed");
try {
  const response = await fetch(new URL(`embed_bg.wasm${search}`, document.baseURI));
  if (!response.ok) throw new Error(`${response.status} ${response.url}`);
  const module = await WebAssembly.compileStreaming(response);
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = "connect-src 'none'";
  document.head.append(policy);
  wasm_bindgen.initSync({ module });
} catch (error) {
  main.textContent = `oomscope could not start: ${error}`;
  throw error;
}
