import { mount } from "svelte";
import App from "./App.svelte";
import { followLinks } from "./router";
import "./styles/tokens.css";
import "./styles/base.css";
import { readyForDays } from "./words";
import { speak } from "./words/said";

const target = document.getElementById("app");
if (target === null) throw new Error("There is no place for the page.");
followLinks(document.body);
// The server has said in the document which language it is to be.
void speak(document.documentElement.lang).then(() => {
  readyForDays();
  mount(App, { target });
});
