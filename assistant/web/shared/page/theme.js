// Light or dark as the system has it, before anything is painted; ?__theme=dark as Gradio understands it.
const asked = new URLSearchParams(location.search).get("__theme");
const system = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark", asked ? asked === "dark" : system.matches);
system.addEventListener("change", follow);
follow();
